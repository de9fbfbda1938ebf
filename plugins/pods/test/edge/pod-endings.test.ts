import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { container, EdgeWorld, podObject } from "./edge-world.ts";

const loops = { does: "loops" } as const;

describe("a Pod that is deleted", () => {
  it("is killed earlier when its grace is shortened", async () => {
    const pod = podObject();
    const world = await EdgeWorld.start();
    world.runtime.script("/app/main.wasm", loops);
    await world.put(pod);
    await world.delete(pod, 3600);
    await world.advance(1_000);
    await world.delete(pod, 5);
    await world.advance(4_999);
    expect(world.report()?.released).toBe(false);
    await world.advance(1);
    expect(world.report()?.released).toBe(true);
  });

  it("keeps what is left of its grace over a restart of the node", async () => {
    const pod = podObject();
    const world = await EdgeWorld.start();
    world.runtime.script("/app/main.wasm", loops);
    await world.put(pod);
    await world.delete(pod, 30);
    await world.advance(10_000);
    await world.restart("killed");
    expect(world.report()).toMatchObject({ released: true, status: { phase: "Failed" } });
    expect(world.main()?.state.terminated).toMatchObject({ exitCode: 255, reason: "Unknown" });
  });

  it("gives its sidecars 2 s when its containers have used up the grace, and a stop that fails is made again", async () => {
    const sidecar = container({ name: "side", command: ["/side"], restartPolicy: "Always" });
    const pod = podObject({ initContainers: [sidecar] });
    const world = await EdgeWorld.start();
    for (const command of ["/app/main.wasm", "/side"]) world.runtime.script(command, loops);
    await world.put(pod);
    world.runtime.failNext("stopContainer", new Error("not now"));
    await world.delete(pod, 5);
    expect(world.logger.records.at(-1)?.message).toBe("a container was not stopped; trying again");
    await world.advance(9_999);
    expect(world.main()?.state.running).toBeDefined();
    await world.advance(1);
    expect(world.main()?.state.terminated).toMatchObject({ exitCode: 137 });
    await world.advance(1_999);
    expect(world.report()?.released).toBe(false);
    await world.advance(1);
    expect(world.report()?.released).toBe(true);
  });

  it("before it began is let go at once", async () => {
    const pod = podObject({ volumes: [{ name: "v", configMap: { name: "nowhere" } }] });
    const world = await EdgeWorld.start(pod);
    expect(world.status().phase).toBe("Pending");
    await world.delete(pod);
    expect(world.report()).toMatchObject({ released: true, status: { phase: "Failed" } });
  });

  it("after it was done keeps its last status", async () => {
    const pod = podObject({ restartPolicy: "Never" });
    const world = await EdgeWorld.start(pod);
    await world.exit("main", 0);
    const done = world.status();
    expect(done.phase).toBe("Succeeded");
    await mkdir(join(world.home, "pods/default_web_uid-1/main"), { recursive: true });
    await world.restart();
    expect(await world.exists("pods/default_web_uid-1/main")).toBe(true);
    await world.delete(pod);
    expect(world.report()).toMatchObject({ released: true, status: done });
    expect(await world.exists("pods/default_web_uid-1")).toBe(false);
    await world.restart();
    expect(world.report()).toMatchObject({ released: true, status: done });
  });

  it("is no longer among the workloads once it is let go", async () => {
    const pod = podObject();
    const world = await EdgeWorld.start(pod);
    expect(world.pods.known()).toHaveLength(1);
    await world.delete(pod);
    expect(world.pods.known()).toEqual([]);
  });
});

describe("a Pod that is gone without a word", () => {
  it("is ended with the grace of its specification and cleaned up, and its report forgotten", async () => {
    const pod = podObject({ terminationGracePeriodSeconds: 7 });
    const world = await EdgeWorld.start();
    world.runtime.script("/app/main.wasm", loops);
    await world.put(pod);
    await world.remove(pod);
    await world.advance(6_999);
    expect(await world.runtime.sandboxes()).toHaveLength(1);
    await world.advance(1);
    expect(await world.runtime.sandboxes()).toEqual([]);
    expect(world.report()).toBeUndefined();
    expect(await world.exists("pods/default_web_uid-1")).toBe(false);
    await world.restart();
    expect(world.pods.known()).toEqual([]);
  });

  it("while the node was off, or is another node's now, goes as well", async () => {
    const [gone, moved] = [podObject(), podObject({}, { name: "moved", uid: "uid-2" })];
    const world = await EdgeWorld.start(gone, moved);
    await world.pods.stop();
    world.replica.remove({ group: "", kind: "Pod", namespace: "default", name: "web" });
    world.replica.put(podObject({ nodeName: "edge-2" }, { name: "moved", uid: "uid-2" }));
    await world.restart("killed");
    expect([await world.runtime.sandboxes(), world.pods.known()]).toEqual([[], []]);
    expect([world.report(), world.report("default/moved/uid-2")]).toEqual([undefined, undefined]);
  });

  it("and is replaced by one of its name: the old one ends, the new one runs", async () => {
    const world = await EdgeWorld.start();
    world.runtime.script("/app/main.wasm", loops);
    await world.put(podObject({ terminationGracePeriodSeconds: 5 }));
    await world.put(podObject({}, { uid: "uid-2" }));
    expect(world.status("default/web/uid-2").phase).toBe("Running");
    expect(await world.runtime.sandboxes()).toHaveLength(2);
    await world.advance(5_000);
    expect((await world.runtime.sandboxes()).map(({ config }) => config.pod.uid)).toEqual(["uid-2"]);
  });

  it("that comes back as it was goes on", async () => {
    const pod = podObject();
    const world = await EdgeWorld.start(pod);
    world.replica.remove({ group: "", kind: "Pod", namespace: "default", name: "web" });
    await world.put(pod);
    expect(world.status().phase).toBe("Running");
    expect(world.main()?.state.running).toBeDefined();
  });
});

describe("what nobody knows", () => {
  it("in the runtime and on the disk is removed at the start; other things stay", async () => {
    const world = await EdgeWorld.start();
    const logDirectory = join(world.home, "pods/default_old_uid-9");
    const config = {
      pod: { namespace: "default", name: "old", uid: "uid-9" },
      attempt: 0,
      handler: "wasm",
      hostname: "old",
      logDirectory,
      labels: {},
      annotations: {},
    };
    const sandbox = await world.runtime.runSandbox(config);
    const { id: imageId } = await world.runtime.images.pull("scratch");
    const own = {
      name: "main",
      attempt: 0,
      image: "scratch",
      imageId,
      command: [],
      args: [],
      env: [],
      mounts: [],
      resources: {},
      logPath: "main/0.log",
      labels: {},
      annotations: {},
    };
    await world.runtime.startContainer(await world.runtime.createContainer(sandbox, own));
    for (const folder of ["pods/default_old_uid-9", "pods/uid-9/volumes", "pods/uid-8", "other"]) {
      await mkdir(join(world.home, folder), { recursive: true });
      await writeFile(join(world.home, folder, "file"), "");
    }
    await world.pods.stop();
    await world.boot();
    expect(await world.runtime.sandboxes()).toEqual([]);
    expect(world.runtime.calls.some((call) => call.startsWith("stopContainer"))).toBe(true);
    expect(
      await Promise.all(
        ["pods/default_old_uid-9", "pods/uid-9", "pods/uid-8", "other"].map((path) => world.exists(path)),
      ),
    ).toEqual([false, false, false, true]);
  });

  it("and cannot be read is not run, nor does it harm", async () => {
    const bad = [
      { spec: undefined },
      podObject({ containers: [] }),
      podObject({ containers: [container({ name: "../x" })] }),
      podObject({ containers: [container(), container()] }),
      podObject({ containers: [container({ env: "no" })] }),
      podObject({ volumes: [{ name: ".." }] }),
      podObject({}, { uid: "../../etc" }),
      podObject({}, { uid: "a_b" }),
    ];
    const world = await EdgeWorld.start();
    for (const object of bad) await world.put({ ...podObject(), ...object });
    expect([world.pods.known(), world.runtime.calls]).toEqual([[], []]);
    expect(
      world.logger.records.filter(({ message }) => message === "a Pod cannot be read and is not run").length,
    ).toBeGreaterThanOrEqual(bad.length);
    await world.put(podObject());
    expect(world.status().phase).toBe("Running");
  });
});

describe("reports", () => {
  it("are not sent twice, and all again when the link comes online", async () => {
    const world = await EdgeWorld.start(podObject());
    const sent = world.uplink.puts.length;
    await world.put(podObject());
    await world.restart("stopped");
    const after = world.uplink.puts.length;
    expect(world.main()?.restartCount).toBe(1);
    world.link.set({ state: "online", since: 0, reason: "" });
    await world.settle();
    expect(world.uplink.puts.length).toBe(after + 1);
    expect(world.uplink.puts.at(-1)?.value).toEqual(world.uplink.puts.at(-2)?.value);
    expect(sent).toBe(1);
  });

  it("that could not be handed over are handed over later", async () => {
    const world = await EdgeWorld.start();
    for (let look = 0; look < 5; look += 1) world.uplink.failNext(new Error("the disk is full"));
    await world.put(podObject());
    expect(world.report()).toBeUndefined();
    expect(world.logger.records.at(-1)?.message).toBe("a Pod was not reported; trying again");
    for (let look = 0; look < 4; look += 1) await world.advance(10_000);
    await world.advance(10_000);
    expect(world.status().phase).toBe("Running");
    expect(world.events().some((event) => event.includes("FailedSync"))).toBe(false);
  });

  it("keep the times of conditions and the start over a restart", async () => {
    const pod = podObject({ volumes: [{ name: "v", configMap: { name: "nowhere" } }] });
    const world = await EdgeWorld.start(pod);
    const before = world.status();
    await world.advance(60_000);
    await world.restart();
    expect(world.status()).toEqual(before);
  });
});
