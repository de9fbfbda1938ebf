import { describe, expect, it } from "vitest";
import { EdgeWorld, podObject } from "./edge-world.ts";

describe("a Pod", () => {
  it("runs, and says so", async () => {
    const world = await EdgeWorld.start(podObject());
    expect(world.status()).toMatchObject({ phase: "Running", startTime: "2026-01-01T00:00:00Z" });
    expect(world.main()).toMatchObject({
      name: "main",
      ready: true,
      started: true,
      restartCount: 0,
      containerID: "fake://container-2",
      state: { running: { startedAt: "2026-01-01T00:00:00Z" } },
      lastState: {},
    });
    expect(world.status().conditions.map(({ type, status }) => `${type}=${status}`)).toEqual([
      "PodReadyToStartContainers=True",
      "Initialized=True",
      "Ready=True",
      "ContainersReady=True",
    ]);
    expect(world.events()).toEqual([
      '1 Pulled: Container image "scratch" already present on machine',
      "1 Created: Created container: main",
      "1 Started: Started container main",
    ]);
    expect(world.runtime.calls).toEqual([
      "runSandbox default/web",
      "createContainer main",
      "startContainer container-2",
    ]);
  });

  it("is deleted: ended with its grace, removed with its files, and let go", async () => {
    const pod = podObject();
    const world = await EdgeWorld.start(pod);
    world.runtime.script("/app/main.wasm", { does: "loops" });
    await world.exit("main", 1);
    await world.delete(pod, 20);
    expect(world.report()).toMatchObject({ released: false, status: { phase: "Running" } });
    await world.advance(19_999);
    expect(await world.exists("pods/default_web_uid-1/main/1.log")).toBe(false);
    expect(world.report()?.released).toBe(false);
    await world.advance(1);
    expect(world.report()).toMatchObject({ released: true, status: { phase: "Failed" } });
    expect(world.main()).toMatchObject({ ready: false, state: { terminated: { exitCode: 137, reason: "Error" } } });
    expect(await world.runtime.sandboxes()).toEqual([]);
    expect([await world.exists("pods/uid-1"), await world.exists("pods/default_web_uid-1")]).toEqual([false, false]);
    await world.remove(pod);
    expect(world.report()).toBeUndefined();
    expect(world.pods.known()).toEqual([]);
  });
});
