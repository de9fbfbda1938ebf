import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { KubeObject } from "@skerry/contracts";
import { type RuntimeVerb, SeededRandom } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { parsePodReport } from "../../src/cloud/parse-pod-report.ts";
import { configMap, container, EdgeWorld, podObject, runtimeClass } from "./edge-world.ts";

const verbs: readonly RuntimeVerb[] = [
  ...(["runSandbox", "stopSandbox", "removeSandbox", "sandboxes", "createContainer", "startContainer"] as const),
  ...(["stopContainer", "removeContainer", "containers", "pull", "status"] as const),
];
const names = ["a", "b", "c"];
const settings = ["blue", "green"];

/** A Pod of one of some kinds; all go on for ever, so that what becomes of them does not depend on what happened. */
function podOf(name: string, uid: string, random: SeededRandom): KubeObject {
  const main = container({
    command: ["/sleeps"],
    image: random.next() < 0.3 ? "app:1" : "scratch",
    env: [{ name: "COLOUR", valueFrom: { configMapKeyRef: { name: "settings", key: "colour", optional: true } } }],
    volumeMounts: [{ name: "settings", mountPath: "/settings" }],
  });
  const init = [
    container({ name: "init", command: ["/succeeds"] }),
    container({ name: "sidecar", command: ["/sleeps"], restartPolicy: "Always" }),
  ];
  return podObject(
    {
      terminationGracePeriodSeconds: 3,
      ...(random.next() < 0.5 ? { initContainers: init } : {}),
      containers: random.next() < 0.3 ? [main, container({ name: "other", command: ["/stubborn"] })] : [main],
      volumes: [{ name: "settings", configMap: { name: "settings" } }],
    },
    { name, uid },
  );
}

/** The user, the cloud and the world around a node, at random. */
class Chaos {
  readonly pods = new Map<string, KubeObject>();
  settings: KubeObject | undefined = configMap("settings", { colour: "red" });
  #count = 0;

  constructor(
    readonly world: EdgeWorld,
    readonly random: SeededRandom,
  ) {}

  async step(): Promise<void> {
    const { world, random } = this;
    const steps: readonly (() => Promise<void> | void)[] = [
      () => this.#create(),
      () => this.#create(),
      () => this.#delete(),
      () => this.#vanish(),
      () => this.#configure(),
      () => this.#crash(),
      () => this.#crash(),
      () => world.restart(random.next() < 0.5 ? "stopped" : "killed"),
      () => world.runtime.failNext(this.#pick(verbs), new Error("a failure at random")),
      () => world.uplink.failNext(new Error("the disk is full")),
      () => world.clock.setWall(Math.floor(random.next() * 2_000_000_000_000)),
      () => world.advance(Math.floor(random.next() * 20_000)),
    ];
    await this.#pick(steps)();
    if (random.next() < 0.7) await world.settle();
    this.#answer();
  }

  /** Nothing happens any more but time. */
  async calm(): Promise<void> {
    const { world } = this;
    for (let look = 0; look < 40; look += 1) {
      await world.advance(60_000);
      this.#answer();
    }
    await world.settle();
  }

  /** The cloud takes the Pods away that their node let go. */
  #answer(): void {
    for (const [name, pod] of this.pods) {
      if (pod.metadata.deletionTimestamp === undefined) continue;
      if (this.world.report(`default/${name}/${pod.metadata.uid}`)?.released !== true) continue;
      this.pods.delete(name);
      this.world.replica.remove({ group: "", kind: "Pod", namespace: "default", name });
    }
  }

  #create(): void {
    const name = this.#pick(names);
    if (this.pods.has(name)) return;
    this.#count += 1;
    this.#put(podOf(name, `uid-${this.#count}`, this.random));
  }

  #delete(): void {
    const pod = this.pods.get(this.#pick(names));
    if (pod === undefined) return;
    const deletion = {
      deletionTimestamp: "2026-01-01T00:00:00Z",
      deletionGracePeriodSeconds: Math.floor(this.random.next() * 5),
    };
    this.#put({ ...pod, metadata: { ...pod.metadata, ...deletion } });
  }

  #vanish(): void {
    const name = this.#pick(names);
    if (this.pods.delete(name)) this.world.replica.remove({ group: "", kind: "Pod", namespace: "default", name });
  }

  #configure(): void {
    const { replica } = this.world;
    this.settings = this.random.next() < 0.3 ? undefined : configMap("settings", { colour: this.#pick(settings) });
    if (this.settings === undefined)
      replica.remove({ group: "", kind: "ConfigMap", namespace: "default", name: "settings" });
    else replica.put(this.settings);
  }

  async #crash(): Promise<void> {
    const running = await observed(this.world);
    if (running.length > 0) this.world.runtime.exit(this.#pick(running).id, Math.floor(this.random.next() * 3));
  }

  #put(pod: KubeObject): void {
    this.pods.set(pod.metadata.name, pod);
    this.world.replica.put(pod);
  }

  #pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.random.next() * list.length)] as T;
  }
}

async function begin(): Promise<EdgeWorld> {
  const world = await EdgeWorld.start();
  world.runtime.images.offer("app:1");
  world.runtime.script("/succeeds", { does: "exits", code: 0, afterMs: 10 });
  world.runtime.script("/stubborn", { does: "loops" });
  return world;
}

/** Everything that must not depend on what happened before. */
async function outcome(world: EdgeWorld, pods: Iterable<KubeObject>) {
  // What was to fail and did not, must not fail here.
  await Promise.allSettled(verbs.flatMap(() => [world.runtime.sandboxes(), world.runtime.containers()]));
  const sandboxes = await world.runtime.sandboxes();
  const containers = await world.runtime.containers();
  const seen = [...pods].map(async ({ metadata: { name, uid } }) => {
    const report = world.report(`default/${name}/${uid}`);
    const { phase, conditions, containerStatuses, initContainerStatuses = [] } = world.status(`default/${name}/${uid}`);
    const own = sandboxes.filter(({ config }) => config.pod.uid === uid && config.handler === "wasm");
    const running = containers.filter(
      ({ sandbox, state }) => state === "running" && own.some(({ id }) => id === sandbox),
    );
    const folder = join(world.home, `pods/${uid}/volumes/kubernetes.io~configmap/settings`);
    return {
      name,
      phase,
      released: report?.released,
      conditions: conditions.map(({ type, status, reason }) => `${type}=${status} ${reason}`),
      states: [...initContainerStatuses, ...containerStatuses].map(
        ({ name: each, state, ready }) => `${each} ${Object.keys(state)} ${ready}`,
      ),
      sandboxes: own.filter(({ state }) => state === "ready").length,
      running: running.map(({ config }) => config.name).sort(),
      colour: await readFile(join(folder, "colour"), "utf8").catch(() => "none"),
    };
  });
  return {
    pods: await Promise.all(seen),
    known: world.pods.known().map(({ identity }) => identity.uid),
    owners: [...new Set(sandboxes.map(({ config }) => config.pod.uid))].sort(),
    folders: (await readdir(join(world.home, "pods")).catch(() => [])).sort(),
  };
}

/** 212: a node restarted between the end of a Pod and its report. */
const seeds = [...Array.from({ length: 24 }, (_, index) => index + 1), 212];

describe("whatever happens, in whatever order", () => {
  it.each(seeds)("a node ends where a new one would: seed %d", async (seed) => {
    const world = await begin();
    const chaos = new Chaos(world, new SeededRandom(seed));
    world.replica.put(chaos.settings ?? runtimeClass);
    for (let step = 0; step < 60; step += 1) {
      await chaos.step();
      const running = (await observed(world)).map(({ sandbox, config }) => `${sandbox} ${config.name}`);
      expect(new Set(running).size, "one container of a name at a time").toBe(running.length);
    }
    // A volume that was made once stays when its ConfigMap goes: only what is there at the end can be compared.
    world.replica.put(configMap("settings", { colour: "white" }));
    await chaos.calm();
    const refused = world.uplink.puts
      .map(({ value }) => parsePodReport(value))
      .filter((report) => typeof report === "string");
    expect(refused, "the cloud reads every report").toEqual([]);
    const fresh = await begin();
    await fresh.put(configMap("settings", { colour: "white" }), ...chaos.pods.values());
    await fresh.advance(60_000);
    expect(await outcome(world, chaos.pods.values())).toEqual(await outcome(fresh, chaos.pods.values()));
  });
});

/** What runs, without using up a failure that waits for a listing. */
async function observed(world: EdgeWorld) {
  try {
    return (await world.runtime.containers()).filter(({ state }) => state === "running");
  } catch {
    return [];
  }
}
