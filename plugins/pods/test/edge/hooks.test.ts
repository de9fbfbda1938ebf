import { describe, expect, it } from "vitest";
import { container, EdgeWorld, podObject } from "./edge-world.ts";

const exec = (...command: readonly string[]) => ({ exec: { command } });
const hooked = (lifecycle: object, over: object = {}) =>
  podObject({ containers: [container({ lifecycle, ...over })], terminationGracePeriodSeconds: 10 });

/** A node of containers; programs end when a test says so, or as they are scripted. */
async function start() {
  const world = await EdgeWorld.withContainers();
  world.runtime.script("fails", { does: "exits", code: 1 });
  world.runtime.script("takes 4 s", { does: "exits", code: 0, afterMs: 4_000 });
  return world;
}

const commands = ({ runtime }: EdgeWorld) =>
  runtime.calls
    .filter((call) => /^(runInContainer|stopContainer)/.test(call))
    .map((call) => call.replace(/container-\d+ ?/, ""));

describe("a postStart hook", () => {
  it("runs once after the start; the container is started when it has ended, and the next one comes then", async () => {
    const world = await start();
    const first = container({ name: "first", lifecycle: { postStart: exec("takes 4 s") } });
    await world.put(podObject({ containers: [first, container({ name: "second" })] }));
    const found = () => world.status().containerStatuses.map(({ started, ready }) => [started, ready]);
    expect(found()).toEqual([
      [false, false],
      [false, false],
    ]);
    expect(world.runtime.named("second")).toBeUndefined();
    await world.advance(4_000);
    expect(found()).toEqual([
      [true, true],
      [true, true],
    ]);
    expect(commands(world)).toEqual(["runInContainer takes 4 s"]);
    // A kernel that comes back does not run it again.
    await world.pods.stop();
    await world.boot();
    expect(commands(world)).toEqual(["runInContainer takes 4 s"]);
    expect(world.condition("Ready")).toBe("True");
  });

  it("that fails ends the container, which is started again with a back-off", async () => {
    const world = await start();
    await world.put(hooked({ postStart: exec("fails") }));
    await world.advance(0);
    await world.advance(0);
    expect(world.events()).toEqual(
      expect.arrayContaining([
        "2 FailedPostStartHook: PostStartHook failed",
        "2 Killing: FailedPostStartHook",
        expect.stringContaining("1 BackOff: Back-off restarting failed container main"),
      ]),
    );
    expect(world.main()).toMatchObject({ restartCount: 1, ready: false });
  });

  it("over HTTP takes any answer, and fails without one; one that is none fails", async () => {
    const world = await start();
    const asked: string[] = [];
    world.network.get = async ({ url }) => {
      asked.push(url.href);
      return { status: 500, body: "" };
    };
    await world.put(hooked({ postStart: { httpGet: { port: 80, path: "up" } } }));
    expect([asked, world.main()?.ready]).toEqual([["http://10.1.0.7/up"], true]);
    world.network.get = async () => {
      throw new Error("connection refused");
    };
    await world.exit("main", 1);
    expect(world.events()).toContain("1 FailedPostStartHook: PostStartHook failed");
  });
});

describe("a preStop hook", () => {
  it("runs before the container is asked to end, in its grace", async () => {
    const world = await start();
    const pod = hooked({ preStop: exec("takes 4 s") });
    world.runtime.script("/app/main.wasm", { does: "loops" });
    await world.put(pod);
    await world.delete(pod, 10);
    expect(commands(world)).toEqual(["runInContainer takes 4 s"]);
    await world.advance(3_999);
    expect(commands(world)).toHaveLength(1);
    await world.advance(1);
    expect(commands(world)).toEqual(["runInContainer takes 4 s", "stopContainer "]);
    await world.advance(5_999);
    expect(world.runtime.named("main")?.state).toBe("running");
    await world.advance(1);
    expect(world.runtime.named("main")).toBeUndefined();
  });

  it("that takes longer than the grace leaves the container two seconds; a sleep is one as well", async () => {
    const world = await start();
    const pod = hooked({ preStop: { sleep: { seconds: 60 } } });
    world.runtime.script("/app/main.wasm", { does: "loops" });
    await world.put(pod);
    await world.delete(pod, 10);
    await world.advance(10_000);
    expect(commands(world)).toEqual(["stopContainer "]);
    await world.advance(1_999);
    expect(world.runtime.named("main")?.state).toBe("running");
    await world.advance(1);
    expect(world.runtime.named("main")).toBeUndefined();
  });

  it("is cut short when the grace is, and is not run without any", async () => {
    const world = await start();
    const pod = hooked({ preStop: { sleep: { seconds: 60 } } });
    await world.put(pod);
    await world.delete(pod, 60);
    await world.advance(5_000);
    await world.delete(pod, 1);
    await world.advance(1_000);
    expect(world.runtime.named("main")).toBeUndefined();
    const again = hooked({ preStop: exec("fails") });
    await world.put({ ...again, metadata: { ...again.metadata, name: "again", uid: "uid-2" } });
    await world.delete({ ...again, metadata: { ...again.metadata, name: "again", uid: "uid-2" } }, 0);
    expect(commands(world).filter((command) => command.startsWith("run"))).toEqual([]);
  });

  it("that fails is said, and the container ends all the same", async () => {
    const world = await start();
    const pod = hooked(
      { preStop: exec("fails"), postStart: { sleep: { seconds: 0 } } },
      {
        livenessProbe: { ...exec("fails"), failureThreshold: 1 },
      },
    );
    await world.put(pod);
    await world.advance(0);
    await world.advance(0);
    await world.advance(0);
    expect(world.events()).toEqual(expect.arrayContaining(["2 FailedPreStopHook: PreStopHook failed"]));
    expect(world.main()?.restartCount).toBe(1);
  });
});
