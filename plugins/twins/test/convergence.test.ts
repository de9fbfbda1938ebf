import type { JsonValue } from "@skerry/contracts";
import { SeededRandom } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { refusedByDevice, World } from "./world.ts";

const day = 86_400_000;
const values = { relay: [true, false], limit: [5, 20, 80, 90, refusedByDevice] } as const;
type Property = keyof typeof values;

type Step = readonly [weight: number, act: (world: World) => Promise<void> | void];

const pick = <T>(world: World, items: readonly T[]): T => items[Math.floor(world.random.next() * items.length)] as T;
const anyProperty = (world: World): Property => pick<Property>(world, ["relay", "limit"]);
const anyValue = (world: World, property: Property): JsonValue => pick<JsonValue>(world, values[property]);

const steps: readonly Step[] = [
  [4, (world) => world.pump()],
  [2, (world) => world.advance(world.random.next() * 800)],
  [
    4,
    async (world) => {
      const property = anyProperty(world);
      await world.cloud.desire({ [property]: anyValue(world, property) }).catch(() => undefined);
    },
  ],
  [1, (world) => world.cloud.desire({ [anyProperty(world)]: null }).catch(() => undefined)],
  [
    4,
    (world) => {
      const property = anyProperty(world);
      return world.edge.set(property, anyValue(world, property));
    },
  ],
  [
    2,
    (world) => {
      world.isConnected = world.random.next() < 0.5;
    },
  ],
  [1, (world) => world.crashEdge()],
  [1, (world) => world.cloud.restart()],
  [
    1,
    (world) => world.cloud.kube.fail({ verb: "patch", kind: "Device", times: 1 + Math.floor(world.random.next() * 2) }),
  ],
  [1, (world) => world.cloud.kube.fail({ verb: "patch", kind: "Device", code: "SKERRY_KUBE_CONFLICT" })],
];

const jump = (days: readonly number[]): Step => [
  1,
  (world) => world.edge.clock.setWall(world.edge.clock.now() + pick(world, days) * day),
];

function pickStep(world: World, allowed: readonly Step[]): Step[1] {
  return pick(
    world,
    allowed.flatMap(([weight, act]) => Array.from({ length: weight }, () => act)),
  );
}

async function run(seed: number, allowed: readonly Step[]): Promise<World> {
  const world = await new World(new SeededRandom(seed)).start();
  for (let count = 0; count < 40; count += 1) {
    await pickStep(world, allowed)(world);
  }
  await world.heal();
  return world;
}

/** Until no failure is left that an earlier step prepared. */
async function desireAtLast(world: World, limit: number): Promise<void> {
  while ((await world.cloud.desire({ limit }).catch(() => "failed")) === "failed");
}

/** What is desired, as each place has it. */
function views(world: World) {
  const { spec, status = {} } = world.cloud.device();
  const inStatus = Object.entries(status.desired ?? {});
  const atEdge = [...(world.edge.twins.get("default/meter-1")?.record.desired ?? [])];
  const brief = ([property, { value, state, version }]: (typeof inStatus)[number]) => [
    property,
    { value, state, version },
  ];
  return {
    spec: spec.desired ?? {},
    valuesInStatus: Object.fromEntries(inStatus.map(([property, { value }]) => [property, value])),
    status: Object.fromEntries(inStatus.map(brief)),
    edge: Object.fromEntries(atEdge.map(brief)),
    applied: Object.fromEntries(
      inStatus.filter(([, { state }]) => state === "applied").map(([p, { value }]) => [p, value]),
    ),
    removed: status.removedDesired ?? {},
    pending: inStatus.filter(([, { state }]) => state === "pending"),
  };
}

function expectOneTruth(world: World, seed: number): void {
  const { spec, valuesInStatus, status, edge, applied, removed, pending } = views(world);
  const hint = `seed ${seed}`;
  expect(valuesInStatus, hint).toEqual(spec);
  expect(edge, hint).toEqual(status);
  expect(pending, hint).toEqual([]);
  expect(removed, hint).toEqual({});
  for (const [property, value] of Object.entries(applied)) expect(world.device.get(property), hint).toEqual(value);
  const isSynced = Object.values(status).every((entry) => (entry as { state: string }).state === "applied");
  expect(world.cloud.condition("Synced")?.status, hint).toBe(isSynced ? "True" : "False");
}

describe("twins on both sides of a link", () => {
  it("end with one value everywhere, in whatever order things happened", async () => {
    for (let seed = 1; seed <= 80; seed += 1) expectOneTruth(await run(seed, steps), seed);
  });

  it("end with one value everywhere also when the edge's clock jumps by days and years", async () => {
    for (let seed = 1; seed <= 80; seed += 1)
      expectOneTruth(await run(seed, [...steps, jump([-400, -2, 0.5, 3, 900])]), seed);
  });

  it("end with the value that was set last after all were in step, also when the edge's clock is behind", async () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const world = await run(seed, [...steps, jump([-400, -2, -0.1])]);
      const last = seed % 2 === 0 ? 33 : 34;
      if (seed % 2 === 0) await world.edge.set("limit", last);
      else await desireAtLast(world, last);
      await world.heal();
      expectOneTruth(world, seed);
      expect(world.cloud.device().spec.desired?.["limit"], `seed ${seed}`).toBe(last);
      expect(world.device.get("limit"), `seed ${seed}`).toBe(last);
    }
  });

  it("take what is set at a node whose clock was years ahead, once it is right again, over a restart as well", async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const world = await run(seed, steps);
      await desireAtLast(world, 32);
      await world.heal();
      const right = world.edge.clock.now();
      world.edge.clock.setWall(right + 900 * day);
      await world.edge.set("limit", 33);
      await world.heal();
      expectOneTruth(world, seed);
      expect(world.device.get("limit"), `seed ${seed}`).toBe(32);
      world.edge.clock.setWall(right + 3_600_000);
      if (seed % 2 === 0) await world.crashEdge();
      await world.edge.set("limit", 34);
      await world.heal();
      expectOneTruth(world, seed);
      expect(world.device.get("limit"), `seed ${seed}`).toBe(34);
    }
  });
});
