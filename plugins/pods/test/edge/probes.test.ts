import type { KubeObject } from "@skerry/contracts";
import { describe, expect, it } from "vitest";
import { container, EdgeWorld, podObject } from "./edge-world.ts";

type Json = Readonly<Record<string, unknown>>;

const probed = (over: Json, spec: Json = {}) => podObject({ containers: [container(over)], ...spec });
const exec = (over: Json = {}) => ({ exec: { command: ["healthy"] }, ...over });

/** A node of containers, in which the command `healthy` ends with what `codes` says of the container's name. */
async function start(...pods: readonly KubeObject[]) {
  const world = await EdgeWorld.withContainers();
  const codes: Record<string, number> = {};
  world.runtime.script("healthy", {
    does: "runs",
    run: ({ config, print, exit }) => {
      const code = codes[config.name] ?? 0;
      if (code !== 0) print("it is broken", "stderr");
      exit({ code });
    },
  });
  await world.put(...pods);
  return { world, codes, execs: () => world.runtime.calls.filter((call) => call.startsWith("runInContainer")).length };
}

describe("a liveness probe", () => {
  it("that fails as often as its threshold restarts the container, and says so", async () => {
    const { world, codes, execs } = await start(probed({ livenessProbe: exec({ initialDelaySeconds: 5 }) }));
    await world.advance(4_999);
    expect(execs()).toBe(0);
    await world.advance(1);
    expect([execs(), world.main()?.restartCount]).toEqual([1, 0]);
    codes["main"] = 1;
    await world.advance(20_000);
    expect([execs(), world.main()?.restartCount]).toEqual([3, 0]);
    await world.advance(10_000);
    expect(world.main()).toMatchObject({ restartCount: 1, ready: true, state: { running: {} } });
    expect(world.events()).toEqual(
      expect.arrayContaining([
        "3 Unhealthy: Liveness probe failed: it is broken\n",
        "1 Killing: Container main failed liveness probe, will be restarted",
      ]),
    );
    // The next container is given its delay again; then it backs off as one that crashes.
    await world.advance(5_000 + 20_000);
    expect(world.main()?.state.waiting?.reason).toBe("CrashLoopBackOff");
  });

  it("that fails now and then does no harm", async () => {
    const { world, codes } = await start(probed({ livenessProbe: exec() }));
    await world.advance(0);
    for (let round = 0; round < 5; round += 1) {
      codes["main"] = 1;
      await world.advance(20_000);
      codes["main"] = 0;
      await world.advance(10_000);
    }
    expect(world.main()?.restartCount).toBe(0);
  });

  it("ends a container with the grace of the probe; it stays ended where nothing is restarted", async () => {
    const livenessProbe = exec({ failureThreshold: 1, terminationGracePeriodSeconds: 3 });
    const { world, codes } = await start();
    world.runtime.script("/app/main.wasm", { does: "loops" });
    codes["main"] = 1;
    await world.put(probed({ livenessProbe }, { restartPolicy: "Never" }));
    await world.advance(0);
    expect(world.events()).toContain("1 Killing: Container main failed liveness probe");
    await world.advance(2_999);
    expect(world.main()?.state.running).toBeDefined();
    await world.advance(1);
    expect(world.main()?.state.terminated?.exitCode).toBe(137);
    expect(world.status().phase).toBe("Failed");
  });

  it("that takes too long has failed; one that cannot be made says nothing of the container", async () => {
    const { world } = await start(
      probed({ livenessProbe: { exec: { command: ["sleeps"] }, failureThreshold: 1, timeoutSeconds: 2 } }),
    );
    await world.advance(0);
    await world.advance(2_000);
    expect(world.events()).toContain(
      '1 Unhealthy: Liveness probe failed: command timed out: "sleeps" timed out after 2s',
    );
    expect(world.main()?.restartCount).toBe(1);
    world.runtime.failNext("runInContainer", new Error("the runtime is away"));
    await world.advance(0);
    expect(world.events()).toContain(
      "1 Unhealthy: Liveness probe errored and resulted in unknown state: the runtime is away",
    );
    expect(world.main()).toMatchObject({ restartCount: 1, state: { running: {} } });
  });

  it("is not made any more when the Pod ends", async () => {
    const pod = probed({ livenessProbe: exec() });
    const { world, execs } = await start(pod);
    world.runtime.script("/app/main.wasm", { does: "loops" });
    await world.exit("main", 1);
    await world.advance(0);
    const before = execs();
    await world.delete(pod, 30);
    await world.advance(29_000);
    expect(execs()).toBe(before);
  });
});

describe("a readiness probe", () => {
  it("makes the Pod ready when it succeeds, and unready when it fails, and restarts nothing", async () => {
    const { world, codes } = await start();
    codes["main"] = 1;
    await world.put(probed({ readinessProbe: exec({ successThreshold: 2, failureThreshold: 2 }) }));
    await world.advance(0);
    expect(world.main()).toMatchObject({ ready: false, started: true });
    expect(world.status().phase).toBe("Running");
    const unready = {
      status: "False",
      reason: "ContainersNotReady",
      message: "containers with unready status: [main]",
    };
    expect(world.status().conditions.find(({ type }) => type === "Ready")).toMatchObject(unready);
    expect(world.status().conditions.find(({ type }) => type === "ContainersReady")).toMatchObject(unready);
    codes["main"] = 0;
    await world.advance(10_000);
    expect(world.main()?.ready).toBe(false);
    await world.advance(10_000);
    expect([world.main()?.ready, world.condition("Ready"), world.condition("ContainersReady")]).toEqual([
      true,
      "True",
      "True",
    ]);
    codes["main"] = 1;
    await world.advance(10_000);
    expect(world.main()?.ready).toBe(true);
    await world.advance(10_000);
    expect([world.main()?.ready, world.condition("Ready"), world.main()?.restartCount]).toEqual([false, "False", 0]);
  });
});

describe("a startup probe", () => {
  it("keeps the others waiting until it has succeeded", async () => {
    const { world, codes } = await start();
    const get = { path: "/ready", port: "http" };
    world.network.get = async () => ({ status: 503, body: "" });
    codes["main"] = 1;
    const startupProbe = exec({ periodSeconds: 5, failureThreshold: 10 });
    const ports = [{ name: "http", containerPort: 8080 }];
    await world.put(probed({ startupProbe, readinessProbe: { httpGet: get }, ports }));
    await world.advance(20_000);
    expect(world.main()).toMatchObject({ started: false, ready: false });
    expect(world.events().some((event) => event.includes("Readiness"))).toBe(false);
    codes["main"] = 0;
    await world.advance(5_000);
    await world.advance(0);
    expect(world.main()).toMatchObject({ started: true, ready: false });
    expect(world.events()).toContain("1 Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 503");
  });

  it("that never succeeds restarts the container", async () => {
    const { world, codes } = await start();
    codes["main"] = 1;
    await world.put(probed({ startupProbe: exec({ periodSeconds: 1, failureThreshold: 4 }) }));
    await world.advance(3_000);
    expect(world.main()?.restartCount).toBe(1);
    expect(world.events()).toContain("1 Killing: Container main failed startup probe, will be restarted");
  });

  it("of a sidecar holds up what comes after it", async () => {
    const { world, codes } = await start();
    codes["proxy"] = 1;
    const proxy = container({ name: "proxy", restartPolicy: "Always", startupProbe: exec({ failureThreshold: 9 }) });
    await world.put(podObject({ initContainers: [proxy], containers: [container()] }));
    await world.advance(10_000);
    expect(world.runtime.named("main")).toBeUndefined();
    codes["proxy"] = 0;
    await world.advance(10_000);
    expect(world.runtime.named("main")?.state).toBe("running");
  });
});

describe("probes", () => {
  it("ask where they are told to, in the words of the kubelet", async () => {
    const { world } = await start();
    const asked: string[] = [];
    world.network.get = async ({ url, headers }, timeoutMs) => {
      asked.push(`${url.href} ${JSON.stringify(headers)} ${timeoutMs}`);
      return asked.length === 1 ? { status: 302, location: "/there", body: "" } : { status: 200, body: "" };
    };
    world.network.connect = async ({ host, port }) => {
      throw new Error(`dial tcp ${host}:${port}: connect: connection refused`);
    };
    world.network.health = async ({ port }, service) => {
      asked.push(`${port} ${service}`);
      return "NOT_SERVING";
    };
    const httpHeaders = [{ name: "X-Who", value: "me" }];
    await world.put(
      podObject({
        containers: [
          container({
            name: "a",
            readinessProbe: { httpGet: { path: "here", port: 80, httpHeaders }, timeoutSeconds: 3 },
          }),
          container({ name: "b", readinessProbe: { tcpSocket: { port: 5000 } } }),
          container({ name: "c", readinessProbe: { grpc: { port: 9000, service: "api" } } }),
          container({ name: "d", readinessProbe: { tcpSocket: { port: "none" } } }),
        ],
      }),
    );
    await world.advance(0);
    const sent = JSON.stringify(httpHeaders);
    expect(asked.sort()).toEqual([
      `9000 api`,
      `http://10.1.0.7/here ${sent} 3000`,
      `http://10.1.0.7/there ${sent} 3000`,
    ]);
    expect(world.events()).toEqual(
      expect.arrayContaining([
        "1 Unhealthy: Readiness probe failed: dial tcp 10.1.0.7:5000: connect: connection refused",
        '1 Unhealthy: Readiness probe failed: service unhealthy (responded with "NOT_SERVING")',
        '1 Unhealthy: Readiness probe errored and resulted in unknown state: couldn\'t find port: "none"',
      ]),
    );
    expect(world.status().containerStatuses.map(({ ready }) => ready)).toEqual([true, false, false, false]);
  });

  it("go on while the cloud is away", async () => {
    const { world, codes } = await start(probed({ livenessProbe: exec({ failureThreshold: 1 }) }));
    world.link.set({ state: "offline", since: 0, reason: "" });
    codes["main"] = 1;
    await world.advance(10_000);
    expect(world.main()?.restartCount).toBe(1);
  });

  it("of a node that comes back go on where they were, spread over their period", async () => {
    const all = ["a", "b", "c"].map((name) =>
      container({ name, startupProbe: exec(), livenessProbe: exec(), readinessProbe: exec() }),
    );
    const { world, execs } = await start(podObject({ containers: all }));
    await world.advance(0);
    await world.advance(0);
    expect(world.condition("Ready")).toBe("True");
    await world.advance(60_000);
    await world.pods.stop();
    const [before, calls] = [world.status(), execs()];
    await world.boot();
    expect(world.status()).toEqual(before);
    await world.advance(0);
    expect(execs()).toBe(calls);
    await world.advance(10_000);
    // Each liveness and readiness probe, and no startup probe again.
    expect(execs() - calls).toBe(6);
    expect(world.status()).toEqual(before);
  });

  it("are not made in a sandbox without a network and other programs: the Pod is not run, and says why", async () => {
    const world = await EdgeWorld.start(probed({ livenessProbe: exec() }));
    expect(world.main()?.state.waiting).toMatchObject({
      reason: "CreateContainerConfigError",
      message: expect.stringContaining("spec.containers[main].livenessProbe.exec"),
    });
  });
});
