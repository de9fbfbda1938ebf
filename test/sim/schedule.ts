import { fairWeather } from "@skerry/testing/simulation";
import { configMaps } from "./cloud-process.ts";
import { objectNames, type SimWorld } from "./sim-world.ts";

type Act = (world: SimWorld) => unknown;

const keys = ["a", "b", "c", "d"];
const away = { latencyMs: { least: 1, most: 20 }, failures: 1, conflicts: 0 };
const stormy = { latencyMs: { least: 1, most: 60 }, failures: 0.3, conflicts: 0.1 };

/** Mostly nothing, at times much, and hard to compress: it takes its time on a slow way, and several messages. */
function padding(world: SimWorld): string {
  if (world.random.next() > 0.04) return "";
  return Buffer.from(world.random.bytes(world.below(24_000))).toString("base64");
}

function change(world: SimWorld): void {
  const name = world.pick(objectNames);
  const revision = world.objects.next(name);
  if (world.random.next() < 0.2) {
    world.story.say(`object ${name} deleted`);
    world.api.unseed(configMaps, { name, namespace: "default" });
    return noteConcerns(world);
  }
  const nodes = world.nodes.filter(() => world.random.next() < 0.4).join(".");
  const next = world.random.next() < 0.4 ? world.pick(objectNames) : undefined;
  world.story.say(`object ${name} at ${revision} for ${nodes || "nobody"}${next ? `, leads to ${next}` : ""}`);
  const data = { revision: String(revision), padding: padding(world), ...(next === undefined ? {} : { next }) };
  const metadata = { name, namespace: "default", labels: { nodes } };
  world.api.seed({ apiVersion: "v1", kind: "ConfigMap", metadata, data }, configMaps);
  noteConcerns(world);
}

function noteConcerns(world: SimWorld): void {
  for (const node of world.nodes) {
    const wanted = new Map(world.concerning(node).map((object) => [object.metadata.name, object]));
    world.objects.concerns(node, objectNames, wanted);
  }
}

function ways(world: SimWorld) {
  const [node, cloud] = [world.pick(world.nodes), world.pick(world.cloudNames)];
  return { node, cloud, up: world.network.way(node, cloud), down: world.network.way(cloud, node) };
}

const said = (world: SimWorld, text: string) => world.story.say(text);

/** Weight, what it is called, what it does. */
const work: readonly (readonly [number, string, Act])[] = [
  [22, "put", (world) => world.edges.get(world.pick(world.nodes))?.put(world.pick(keys), padding(world))],
  [2, "forget", (world) => world.edges.get(world.pick(world.nodes))?.forget(world.pick(keys))],
  [6, "start what is down", (world) => world.startAll()],
  [10, "append", (world) => world.edges.get(world.pick(world.nodes))?.append(world.pick(["events", "samples"]))],
  [14, "change", change],
  [18, "wait", (world) => world.clock.advance(world.random.next() * 100)],
  [3, "wait long", (world) => world.clock.advance(world.random.next() * 2_000)],
];

const faults: typeof work = [
  [
    2,
    "block",
    (world) => {
      const { up, down, node, cloud } = ways(world);
      said(world, `${node} and ${cloud} cannot reach each other`);
      up.block();
      down.block();
    },
  ],
  [
    2,
    "block one way",
    (world) => {
      const { up, down, node, cloud } = ways(world);
      const isUp = world.random.next() < 0.5;
      said(world, `nothing comes from ${isUp ? node : cloud} to ${isUp ? cloud : node}`);
      (isUp ? up : down).block();
    },
  ],
  [
    5,
    "open",
    (world) => {
      const { up, down, node, cloud } = ways(world);
      said(world, `${node} and ${cloud} reach each other`);
      up.open();
      down.open();
    },
  ],
  [
    2,
    "reset",
    (world) => {
      const { node, cloud } = ways(world);
      said(world, `connections of ${node} and ${cloud} are reset`);
      world.network.reset(node, cloud);
    },
  ],
  [
    2,
    "slow way",
    (world) => {
      const { up, down, node, cloud } = ways(world);
      said(world, `the way between ${node} and ${cloud} is slow`);
      for (const way of [up, down]) {
        way.bytesPerMs = 5 + world.random.next() * 20;
        way.delayMs = world.random.next() * 150;
      }
    },
  ],
  [
    2,
    "quick way",
    (world) => {
      const { up, down } = ways(world);
      for (const way of [up, down]) [way.bytesPerMs, way.delayMs] = [10_000, 1];
    },
  ],
  [
    4,
    "crash",
    (world) => {
      const node = world.pick(world.nodes);
      const isSilent = world.random.next() < 0.5;
      said(world, `${node} ${isSilent ? "loses power" : "crashes"}`);
      world.crashEdge(node, isSilent);
      if (world.random.next() < 0.5) world.startEdge(node);
    },
  ],
  [
    0.5,
    "restart",
    (world) => {
      const node = world.pick(world.nodes);
      said(world, `${node} restarts`);
      return world.restartEdge(node);
    },
  ],
  [
    1.5,
    "crash of a cloud",
    (world) => {
      const name = world.pick(world.cloudNames);
      const isSilent = world.random.next() < 0.5;
      said(world, `${name} ${isSilent ? "loses power" : "crashes"}`);
      world.crashCloud(name, isSilent);
      return world.random.next() < 0.5 ? world.startCloud(name) : undefined;
    },
  ],
  [
    0.5,
    "restart of a cloud",
    (world) => {
      const name = world.pick(world.cloudNames);
      said(world, `${name} restarts`);
      return world.restartCloud(name);
    },
  ],
  [
    1.5,
    "slow disk",
    (world) => {
      const node = world.pick(world.nodes);
      said(world, `the disk of ${node} is slow`);
      world.disk(node).syncMs = { least: 20, most: 400 };
    },
  ],
  [
    1.5,
    "quick disk",
    (world) => {
      world.disk(world.pick(world.nodes)).syncMs = { least: 0.2, most: 4 };
    },
  ],
  [
    1,
    "full disk",
    (world) => {
      const node = world.pick(world.nodes);
      said(world, `the disk of ${node} is full`);
      world.disk(node).isFull = true;
    },
  ],
  [
    2,
    "room on the disk",
    (world) => {
      world.disk(world.pick(world.nodes)).isFull = false;
    },
  ],
  [1, "wall clock jumps", (world) => world.jump(world.pick(world.nodes), (world.random.next() - 0.5) * 1e9)],
];

const weather: typeof work = [
  [
    1,
    "the API is away",
    (world) => {
      world.weather = away;
    },
  ],
  [
    2,
    "the API fails at times",
    (world) => {
      world.weather = stormy;
    },
  ],
  [
    4,
    "the API is well",
    (world) => {
      world.weather = fairWeather;
      world.lags.clear();
    },
  ],
];

const lag: (typeof work)[number] = [
  2,
  "watches are behind",
  (world) => {
    const cloud = world.pick(world.cloudNames);
    said(world, `the watches of ${cloud} are behind`);
    world.lags.set(cloud, 200 + world.random.next() * 1_500);
  },
];

const mangling: typeof work = [
  [
    6,
    "mangle",
    (world) => {
      const { up, down, node, cloud } = ways(world);
      said(world, `messages of ${node} and ${cloud} are duplicated and reordered`);
      for (const way of [up, down]) way.mangling = { duplicate: 0.05, reorder: 0.1 };
    },
  ],
];

export type Mood = "everything" | "without the API";

const choices = { everything: [...work, ...faults, ...weather, lag], "without the API": [...work, ...faults] };

/** Every kind of step that there is. */
export const stepNames = choices.everything.map(([, name]) => name);

/** One step, drawn by its weight. Gives its name. */
export async function step(world: SimWorld, mood: Mood): Promise<string> {
  const among = world.isMangling ? [...choices[mood], ...mangling] : choices[mood];
  let left = world.random.next() * among.reduce((sum, [weight]) => sum + weight, 0);
  const [, name, act] = among.find(([weight]) => {
    left -= weight;
    return left < 0;
  }) ??
    work[0] ?? [0, "nothing", () => undefined];
  await act(world);
  return name;
}

/** All faults end. */
export async function heal(world: SimWorld): Promise<void> {
  world.story.say("all faults end");
  world.weather = fairWeather;
  world.lags.clear();
  for (const disk of world.disks.values()) {
    disk.isFull = false;
    disk.syncMs = { least: 0.2, most: 4 };
  }
  for (const node of world.nodes) {
    for (const cloud of world.cloudNames) {
      for (const way of [world.network.way(node, cloud), world.network.way(cloud, node)]) {
        [way.bytesPerMs, way.delayMs] = [10_000, 1];
        way.mangling = { duplicate: 0, reorder: 0 };
        way.open();
      }
    }
  }
  await world.startAll();
}
