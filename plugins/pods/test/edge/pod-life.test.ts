import { describe, expect, it } from "vitest";
import { parsePodReport } from "../../src/cloud/parse-pod-report.ts";
import { configMap, container, EdgeWorld, podObject, runtimeClass } from "./edge-world.ts";

const name = "web_default(uid-1)";

describe("a container that ends", () => {
  it("is started again at once, then after 10 s, 20 s, … 300 s, and says so", async () => {
    const world = await EdgeWorld.start(podObject());
    await world.exit("main", 3);
    expect(world.main()).toMatchObject({
      restartCount: 1,
      ready: true,
      lastState: { terminated: { exitCode: 3, reason: "Error" } },
    });
    for (const [restarts, seconds, text] of [
      [2, 10, "10s"],
      [3, 20, "20s"],
      [4, 40, "40s"],
      [5, 80, "1m20s"],
      [6, 160, "2m40s"],
      [7, 300, "5m0s"],
      [8, 300, "5m0s"],
    ] as const) {
      await world.exit("main", 3);
      const message = `back-off ${text} restarting failed container=main pod=${name}`;
      expect(world.main()).toMatchObject({
        restartCount: restarts - 1,
        ready: false,
        state: { waiting: { reason: "CrashLoopBackOff", message } },
        lastState: { terminated: { exitCode: 3 } },
      });
      expect(world.status().phase).toBe("Running");
      await world.advance(seconds * 1000 - 1);
      expect(world.main()?.state.running).toBeUndefined();
      await world.advance(1);
      expect(world.main()).toMatchObject({ restartCount: restarts, state: { running: {} } });
    }
    expect(world.events()).toContain(`7 BackOff: Back-off restarting failed container main in pod ${name}`);
    expect(world.status().conditions.find(({ type }) => type === "Ready")).toMatchObject({ status: "True" });
  });

  it("begins again at 10 s after it ran for more than 10 minutes, and a jump of the wall clock does not matter", async () => {
    const world = await EdgeWorld.start(podObject());
    await world.exit("main", 1);
    await world.exit("main", 1);
    world.clock.setWall(Date.UTC(1970, 0, 2));
    await world.advance(10_000);
    expect(world.main()?.restartCount).toBe(2);
    await world.exit("main", 1);
    expect(world.main()?.state.waiting?.message).toContain("back-off 20s");
    world.clock.setWall(Date.UTC(2031, 0, 1));
    await world.advance(20_000);
    await world.advance(600_001);
    await world.exit("main", 1);
    expect(world.main()).toMatchObject({ restartCount: 4, state: { running: {} } });
    await world.exit("main", 1);
    expect(world.main()?.state.waiting?.message).toContain("back-off 10s");
  });

  it.each([
    ["Always", 0, { phase: "Running", state: "running" }],
    ["OnFailure", 1, { phase: "Running", state: "running" }],
    ["OnFailure", 0, { phase: "Succeeded", state: "terminated" }],
    ["Never", 0, { phase: "Succeeded", state: "terminated" }],
    ["Never", 7, { phase: "Failed", state: "terminated" }],
  ] as const)("with restartPolicy %s and exit code %d", async (restartPolicy, code, { phase, state }) => {
    const world = await EdgeWorld.start(podObject({ restartPolicy }));
    await world.exit("main", code);
    expect(world.status().phase).toBe(phase);
    expect(Object.keys(world.main()?.state ?? {})).toEqual([state]);
    if (state === "running") return;
    const reason = phase === "Succeeded" ? "PodCompleted" : "PodFailed";
    expect(world.status().conditions.filter(({ type }) => /Ready$/.test(type))).toMatchObject([
      { status: "False", reason },
      { status: "False", reason },
    ]);
    expect(world.condition("PodReadyToStartContainers")).toBe("False");
    expect(await world.runtime.sandboxes()).toMatchObject([{ state: "notReady" }]);
  });

  it("keeps the last two attempts, in the runtime and as logs", async () => {
    const world = await EdgeWorld.start(podObject());
    for (let crash = 0; crash < 4; crash += 1) {
      await world.exit("main", 1);
      await world.advance(300_000);
    }
    expect((await world.runtime.containers()).map(({ config }) => config.attempt)).toEqual([3, 4]);
    expect((await world.runtime.containers()).map(({ config }) => config.logPath)).toEqual([
      "main/3.log",
      "main/4.log",
    ]);
  });

  it("leaves the end of its log as its message, when it asks for that", async () => {
    const { mkdir, writeFile } = await import("node:fs/promises");
    const spec = {
      restartPolicy: "Never",
      containers: [container({ terminationMessagePolicy: "FallbackToLogsOnError" })],
    };
    const world = await EdgeWorld.start(podObject(spec));
    const folder = `${world.home}/pods/default_web_uid-1/main`;
    await mkdir(folder, { recursive: true });
    await writeFile(
      `${folder}/0.log`,
      "2026-01-01T00:00:00.000000000Z stdout F first\n2026-01-01T00:00:00.000000000Z stderr P last \n2026-01-01T00:00:00.000000000Z stderr F words\n",
    );
    await world.exit("main", 1);
    expect(world.main()?.state.terminated).toMatchObject({ message: "first\nlast words\n" });
  });

  it("leaves its termination message file, if that is in an emptyDir; a link in it leads nowhere", async () => {
    const { symlink, writeFile } = await import("node:fs/promises");
    const spec = {
      restartPolicy: "Never",
      containers: ["main", "thief"].map((each) =>
        container({
          name: each,
          terminationMessagePath: "/out/message",
          volumeMounts: [{ name: each, mountPath: "/out" }],
        }),
      ),
      volumes: [
        { name: "main", emptyDir: {} },
        { name: "thief", emptyDir: {} },
      ],
    };
    const world = await EdgeWorld.start(podObject(spec));
    const volumes = `${world.home}/pods/uid-1/volumes/kubernetes.io~empty-dir`;
    await writeFile(`${volumes}/main/message`, "all is well");
    await symlink("/etc/hostname", `${volumes}/thief/message`);
    await world.exit("thief", 1);
    await world.exit("main", 0);
    const [main, thief] = world.status().containerStatuses;
    expect(main?.state.terminated).toMatchObject({ message: "all is well" });
    expect(thief?.state.terminated?.message).toBeUndefined();
    expect(await world.exists("pods/uid-1")).toBe(false);
  });
});

describe("init containers", () => {
  const spec = {
    initContainers: [
      container({ name: "first", command: ["/first"] }),
      container({ name: "helper", command: ["/helper"], restartPolicy: "Always" }),
      container({ name: "second", command: ["/second"] }),
    ],
  };

  it("run in order, a sidecar beside them, before the others", async () => {
    const world = await EdgeWorld.start(podObject(spec));
    const states = () =>
      [...(world.status().initContainerStatuses ?? []), ...world.status().containerStatuses].map(
        ({ state }) => state.waiting?.reason ?? Object.keys(state)[0],
      );
    expect(world.status().phase).toBe("Pending");
    expect(states()).toEqual(["running", "PodInitializing", "PodInitializing", "PodInitializing"]);
    expect(world.status().conditions[1]).toMatchObject({
      type: "Initialized",
      reason: "ContainersNotInitialized",
      message: "containers with incomplete status: [first helper second]",
    });
    await world.exit("first", 0);
    expect(states()).toEqual(["terminated", "running", "running", "PodInitializing"]);
    await world.exit("second", 2);
    expect(states()).toEqual(["terminated", "running", "running", "PodInitializing"]);
    await world.exit("second", 2);
    expect(states()).toEqual(["terminated", "running", "CrashLoopBackOff", "PodInitializing"]);
    await world.advance(10_000);
    await world.exit("second", 0);
    expect(states()).toEqual(["terminated", "running", "terminated", "running"]);
    expect(world.status()).toMatchObject({ phase: "Running" });
    await world.exit("helper", 0);
    expect(states()).toEqual(["terminated", "running", "terminated", "running"]);
    expect(world.status().initContainerStatuses?.[1]).toMatchObject({ restartCount: 1, ready: true });
  });

  it("fail the Pod when they are not to be restarted; its sidecar ends", async () => {
    const world = await EdgeWorld.start(podObject({ ...spec, restartPolicy: "Never" }));
    await world.exit("first", 0);
    await world.exit("second", 9);
    expect(world.status().phase).toBe("Failed");
    expect(world.runtime.named("helper")).toMatchObject({ state: "exited", exitCode: 143 });
    expect(world.runtime.named("main")).toBeUndefined();
  });

  it("are not run again when the node comes back, and sidecars end after the containers", async () => {
    const pod = podObject(spec);
    const world = await EdgeWorld.start(pod);
    await world.exit("first", 0);
    await world.exit("second", 0);
    await world.restart("killed");
    expect(world.status()).toMatchObject({ phase: "Running" });
    expect(world.runtime.named("first")?.config.attempt).toBe(0);
    expect(world.runtime.named("helper")?.config.attempt).toBe(1);
    await world.delete(pod);
    const stops = world.runtime.calls.filter((call) => call.startsWith("stopContainer"));
    const last = [world.runtime.named("main")?.id, world.runtime.named("helper")?.id];
    expect(world.report()?.released).toBe(true);
    expect(last).toEqual([undefined, undefined]);
    expect(stops).toHaveLength(2);
    expect(world.events().filter((event) => event.includes("Killing"))).toEqual([
      "1 Killing: Stopping container main",
      "1 Killing: Stopping container helper",
    ]);
  });
});

describe("a container whose image is changed", () => {
  it("is ended and started from the other", async () => {
    const world = await EdgeWorld.start(podObject());
    world.runtime.images.offer("app:2");
    await world.put(podObject({ containers: [container({ image: "app:2" })] }));
    expect(world.main()).toMatchObject({ restartCount: 1, image: "app:2", state: { running: {} } });
    expect(world.runtime.named("main")?.config.image).toBe("app:2");
    expect(world.events()).toContain("1 Killing: Container main definition changed, will be restarted");
  });
});

describe("a Pod with a deadline", () => {
  it("fails when it is over, after its grace, and stays so", async () => {
    const world = await EdgeWorld.start(podObject({ activeDeadlineSeconds: 60, terminationGracePeriodSeconds: 5 }));
    await world.advance(59_999);
    expect(world.status().phase).toBe("Running");
    world.clock.setWall(0);
    await world.advance(1);
    expect(world.status()).toMatchObject({
      phase: "Failed",
      reason: "DeadlineExceeded",
      message: "Pod was active on the node longer than the specified deadline",
    });
    await world.restart();
    expect(world.status()).toMatchObject({ phase: "Failed", reason: "DeadlineExceeded" });
    expect((await world.runtime.containers()).map(({ state }) => state)).toEqual(["exited"]);
  });
});

describe("what the runtime cannot do", () => {
  it("has a sandbox made again, and the Pod says why it waits", async () => {
    const world = await EdgeWorld.start();
    world.runtime.failNext("runSandbox", new Error("no room"));
    await world.put(podObject());
    expect(world.events()).toEqual(["1 FailedCreatePodSandBox: Failed to create pod sandbox: no room"]);
    expect(world.main()?.state.waiting).toEqual({
      reason: "ContainerCreating",
      message: "Failed to create pod sandbox: no room",
    });
    await world.advance(10_000);
    expect(world.status().phase).toBe("Running");
  });

  it("without a RuntimeClass, or a runtime for it, waits for one", async () => {
    const world = await EdgeWorld.start(podObject({ runtimeClassName: "other" }));
    expect(world.events()).toEqual([
      '1 FailedCreatePodSandBox: Failed to create pod sandbox: runtimeclass.node.k8s.io "other" not found',
    ]);
    expect(world.status()).toMatchObject({ phase: "Pending" });
    const other = { ...runtimeClass, metadata: { name: "other" } };
    await world.put({ ...other, handler: "kata" });
    expect(world.events()[1]).toBe(
      '1 FailedCreatePodSandBox: Failed to create pod sandbox: no runtime for "kata" is configured',
    );
    await world.put({ ...other, handler: "wasm" });
    expect(world.status().phase).toBe("Running");
    await world.put(podObject({ runtimeClassName: undefined }, { name: "plain", uid: "uid-2" }));
    expect(world.events("default/plain/uid-2")).toEqual([
      '1 FailedCreatePodSandBox: Failed to create pod sandbox: no runtime for "" is configured',
    ]);
  });

  it.each([
    ["createContainer", "CreateContainerError"],
    ["startContainer", "RunContainerError"],
  ] as const)("in %s leaves the container waiting with %s, and it is tried again", async (verb, reason) => {
    const world = await EdgeWorld.start();
    world.runtime.failNext(verb, new Error("it is not WebAssembly"));
    await world.put(podObject());
    expect(world.main()).toMatchObject({
      restartCount: 0,
      state: { waiting: { reason, message: "it is not WebAssembly" } },
    });
    expect(world.events()).toContain("1 Failed: Error: it is not WebAssembly");
    await world.advance(10_000);
    expect(world.main()).toMatchObject({ restartCount: 0, ready: true });
    expect(await world.runtime.containers()).toHaveLength(1);
  });

  it("of a container that could be made and not be run is its end, and counts as one", async () => {
    const world = await EdgeWorld.start();
    world.runtime.script("/app/main.wasm", { does: "not start", problem: "no such program" });
    await world.put(podObject());
    const terminated = { exitCode: 128, reason: "StartError" };
    expect(world.main()).toMatchObject({
      restartCount: 1,
      state: { waiting: { reason: "CrashLoopBackOff" } },
      lastState: { terminated },
    });
    expect(world.events().join("\n")).toMatch(/Failed: Error: container main cannot be run: no such program/);
    await world.put(podObject({ restartPolicy: "Never" }, { name: "once", uid: "uid-2" }));
    expect(world.status("default/once/uid-2")).toMatchObject({ phase: "Failed" });
  });

  it("is told in no more words than a report holds", async () => {
    const world = await EdgeWorld.start();
    world.runtime.failNext("createContainer", new Error("x".repeat(100_000)));
    await world.put(podObject());
    expect(world.main()?.state.waiting?.message).toHaveLength(4096);
    expect(parsePodReport(world.uplink.puts.at(-1)?.value ?? null)).toEqual(world.report());
  });

  it("at a look is logged, told and tried again", async () => {
    const world = await EdgeWorld.start();
    world.runtime.failNext("sandboxes", new Error("not now"));
    await world.put(podObject());
    expect(world.logger.records.at(-1)).toMatchObject({ level: "warn", message: "a Pod is not in step; trying again" });
    expect(world.status()).toEqual({ phase: "Pending" });
    await world.advance(10_000);
    expect(world.events()[0]).toBe("1 FailedSync: error syncing the Pod: not now");
    expect(world.status().phase).toBe("Running");
  });

  it("and a runtime that forgets nothing it removes, does not hang the node", async () => {
    const world = await EdgeWorld.start();
    world.runtime.removeContainer = async () => undefined;
    await world.put(podObject());
    for (let crash = 0; crash < 2; crash += 1) {
      await world.exit("main", 1);
      await world.advance(300_000);
    }
    expect(world.logger.records.at(-1)?.fields["error"]).toMatchObject({ code: "SKERRY_PODS_NO_END" });
    expect(world.events().at(-1)).toContain("is not in step after 1000 steps");
  });

  it("that is done when a Pod is a stranger to it: objects of others do not matter", async () => {
    const world = await EdgeWorld.start(podObject({ nodeName: "edge-2" }), configMap("other", {}));
    expect([world.pods.known(), world.uplink.puts, world.runtime.calls]).toEqual([[], [], []]);
  });
});
