import { configMap, configMaps } from "./objects.ts";
import type { EdgeMachine, World } from "./world.ts";

/** One thing that may happen, and how often beside the others. */
export interface Action {
  readonly weight: number;
  act(world: World): void | Promise<void>;
}

const objectNames = ["m0", "m1", "m2", "m3", "m4", "m5"];

/** Ends a fault after a while. */
function later(world: World, ms: number, end: () => void): void {
  let isOver = false;
  const once = () => {
    if (!isOver) end();
    isOver = true;
  };
  world.endings.push(once);
  world.time.after(ms, once);
}

const edgeOf = (world: World): EdgeMachine => world.random.pick(world.edges);
const machineOf = (world: World) => world.random.pick([...world.edges, ...world.clouds]);

function write(world: World): void {
  const name = world.random.pick(objectNames);
  const nodes = world.edgeNames.filter(() => world.random.happens(0.5));
  const revision = String(world.random.below(1_000_000));
  const next = world.random.happens(0.4) ? { next: world.random.pick(objectNames) } : {};
  world.story.operation(
    `object ${name}=${revision} for ${nodes.join(" ") || "nobody"}${next.next ? ` → ${next.next}` : ""}`,
  );
  world.api.seed(configMap(name, nodes, { revision, ...next }), configMaps);
}

function remove(world: World): void {
  const name = world.random.pick(objectNames);
  if (!world.api.peek(configMaps, { name, namespace: "default" })) return;
  world.story.operation(`object ${name} is deleted`);
  world.api.unseed(configMaps, { name, namespace: "default" });
}

function partition(world: World): void {
  const [edge, cloud] = [edgeOf(world).name, world.random.pick(world.clouds).name];
  const which = world.random.pick(["up", "down", "both"]);
  const ways = [
    ...(which === "down" ? [] : [world.network.way(edge, cloud)]),
    ...(which === "up" ? [] : [world.network.way(cloud, edge)]),
  ];
  const ms = 100 + world.random.below(4_000);
  world.story.tell(`the way ${which} between ${edge} and ${cloud} is blocked for ${ms} ms`);
  for (const way of ways) way.block();
  later(world, ms, () => {
    for (const way of ways) way.open();
  });
}

function slowNetwork(world: World): void {
  const [edge, cloud] = [edgeOf(world).name, world.random.pick(world.clouds).name];
  const delayMs = 1 + world.random.below(150);
  world.story.tell(`between ${edge} and ${cloud} it takes ${delayMs} ms`);
  for (const way of [world.network.way(edge, cloud), world.network.way(cloud, edge)]) way.delayMs = delayMs;
  later(world, 3_000, () => {
    for (const way of [world.network.way(edge, cloud), world.network.way(cloud, edge)]) way.delayMs = 1;
  });
}

function slowDisk(world: World): void {
  const edge = edgeOf(world);
  const ms = 50 + world.random.below(1_500);
  world.story.tell(`the disk of ${edge.name} does not sync for ${ms} ms`);
  later(world, ms, edge.disk.holdSyncs());
}

function fullDisk(world: World): void {
  const edge = edgeOf(world);
  const writes = 1 + world.random.below(3);
  world.story.tell(`the disk of ${edge.name} is full for ${writes} writes`);
  for (let index = 0; index < writes; index += 1) edge.disk.failNextSync();
}

async function restart(world: World): Promise<void> {
  const edge = edgeOf(world);
  if (!edge.process) return;
  world.story.tell(`${edge.name} is restarted in order`);
  const { process, host } = edge;
  edge.process = undefined;
  const stopping = process.stop();
  await world.time.advance(1_500);
  await Promise.race([stopping, world.time.advance(100)]);
  host.die(true);
  await world.startEdge(edge);
}

function badWeather(world: World): void {
  world.weather.mood = world.random.pick(["slow", "failing"]);
  world.story.tell(`the API is ${world.weather.mood}`);
  later(world, 200 + world.random.below(2_000), () => {
    world.weather.mood = "well";
  });
}

function apiAway(world: World): void {
  world.story.tell("the API is away");
  world.api.disconnect();
  later(world, 100 + world.random.below(1_500), () => world.api.connect());
}

function clockJump(world: World): void {
  const machine = machineOf(world);
  const offset = world.random.pick([
    -1_767_225_600_000, -86_400_000, -60_000, 0, 60_000, 86_400_000, 3_153_600_000_000,
  ]);
  world.story.tell(`the clock of ${machine.name} is ${offset} ms off`);
  machine.clock.jump(offset);
}

async function start(world: World): Promise<void> {
  for (const edge of world.edges) if (world.random.happens(0.5)) await world.startEdge(edge);
  for (const cloud of world.clouds) if (world.random.happens(0.5)) await world.startCloud(cloud);
}

export const actions: Readonly<Record<string, Action>> = {
  put: { weight: 30, act: (world) => world.put(edgeOf(world)) },
  append: { weight: 12, act: (world) => edgeOf(world).process?.append() },
  write: { weight: 12, act: write },
  remove: { weight: 4, act: remove },
  wait: { weight: 20, act: (world) => world.time.advance(world.random.below(400)) },
  "start what is down": { weight: 8, act: start },
  "kill an edge": { weight: 2, act: (world) => world.kill(edgeOf(world), world.random.happens(0.5)) },
  "kill a cloud": { weight: 2, act: (world) => world.kill(world.random.pick(world.clouds), world.random.happens(0.5)) },
  restart: { weight: 1, act: restart },
  cut: { weight: 2, act: (world) => machineOf(world).host.cut() },
  partition: { weight: 3, act: partition },
  "slow network": { weight: 2, act: slowNetwork },
  "slow disk": { weight: 2, act: slowDisk },
  "full disk": { weight: 2, act: fullDisk },
  "bad weather": { weight: 2, act: badWeather },
  "API away": { weight: 1, act: apiAway },
  "clock jump": { weight: 1, act: clockJump },
};
