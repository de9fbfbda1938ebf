import { SeededRandom } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { podKind } from "../../src/registry/builtin/index.ts";
import {
  apps,
  core,
  deployment,
  isActive,
  isReady,
  type Seen,
  startWorkloads,
  template,
  type Workloads,
} from "./workloads.ts";

interface Bounds {
  readonly replicas: number;
  readonly maxSurge: number;
  readonly maxUnavailable: number;
}

/** Watches every single write: too many Pods, or a Pod taken away that was needed, is noted. */
function watchBounds({ store }: Workloads, { replicas, maxSurge, maxUnavailable }: Bounds) {
  const pods = new Map<string, Seen>(store.collection(podKind.storage).entries());
  const broken: string[] = [];
  let most = 0;
  store.onChange(({ storage, type, key, object, previous }) => {
    if (storage !== podKind.storage) return;
    if (type === "DELETED") pods.delete(key);
    else pods.set(key, object);
    const active = [...pods.values()].filter(isActive);
    most = Math.max(most, active.length);
    if (active.length > replicas + maxSurge) broken.push(`${active.length} Pods at version ${store.version}`);
    const wasTaken = previous !== undefined && isActive(previous) && (type === "DELETED" || !isActive(object));
    const isTakenByController = wasTaken && (object as Seen).status?.phase !== "Failed";
    const available = active.filter(isReady).length;
    if (isTakenByController && isReady(previous) && available < replicas - maxUnavailable) {
      broken.push(`a ready Pod went, ${available} are left`);
    }
  });
  return { broken, most: () => most };
}

/** One thing that nodes do by themselves to one Pod. */
async function happen(cluster: Workloads, random: SeededRandom): Promise<void> {
  const all = await cluster.pods();
  const pod = all[Math.floor(random.next() * all.length)];
  if (pod === undefined) return;
  const { name } = pod.metadata;
  const chance = random.next();
  if (!isActive(pod)) await cluster.request("DELETE", `${core}/pods/${name}`, { body: { gracePeriodSeconds: 0 } });
  else if (chance < 0.6) await cluster.ready(name);
  else if (chance < 0.75) await cluster.ready(name, false);
  else if (chance < 0.9) await cluster.setPod(name, { phase: "Failed", conditions: [] });
  else await cluster.clock.advance(Math.floor(random.next() * 20_000));
}

const strategies: readonly Bounds[] = [
  { replicas: 4, maxSurge: 1, maxUnavailable: 0 },
  { replicas: 5, maxSurge: 0, maxUnavailable: 1 },
  { replicas: 6, maxSurge: 3, maxUnavailable: 2 },
  { replicas: 1, maxSurge: 1, maxUnavailable: 0 },
];

describe("a rolling update while Pods come and fail at random", () => {
  it.each(strategies.flatMap((bounds) => [1, 2, 3].map((seed) => ({ ...bounds, seed }))))(
    "$replicas Pods, surge $maxSurge, unavailable $maxUnavailable, seed $seed: stays within bounds and ends",
    async ({ seed, ...bounds }) => {
      const cluster = await startWorkloads();
      const random = new SeededRandom(seed);
      const { replicas, maxSurge, maxUnavailable } = bounds;
      const strategy = { type: "RollingUpdate", rollingUpdate: { maxSurge, maxUnavailable } };
      await cluster.send("POST", `${apps}/deployments`, deployment("web", { replicas, strategy }));
      await cluster.rolledOut();
      const watched = watchBounds(cluster, bounds);
      let image = "";
      for (let step = 0; step < 60; step++) {
        // A new template now and then, also in the middle of the update to the last, and back to an old one.
        if (step % 15 === 0) {
          image = `image-${Math.floor(random.next() * 3)}`;
          await cluster.patch(`${apps}/deployments/web`, { spec: { template: template(image) } });
        }
        await happen(cluster, random);
        await cluster.quiet();
      }
      await cluster.rolledOut();
      await cluster.clock.advance(60_000);
      expect(watched.broken).toEqual([]);
      expect(watched.most()).toBeGreaterThanOrEqual(replicas);
      const left = (await cluster.pods()).filter(isActive);
      expect(left.map((pod) => pod.spec.containers[0].image)).toEqual(Array(replicas).fill(image));
      const { status } = (await cluster.request("GET", `${apps}/deployments/web`)).body;
      expect(status).toMatchObject({ replicas, updatedReplicas: replicas, availableReplicas: replicas });
    },
  );

  it("converges when the server stops at any moment", async () => {
    const random = new SeededRandom(7);
    let cluster = await startWorkloads();
    await cluster.send("POST", `${apps}/deployments`, deployment("web", { replicas: 5 }));
    for (let life = 0; life < 12; life++) {
      const image = `image-${life % 4}`;
      await cluster.patch(`${apps}/deployments/web`, { spec: { template: template(image) } });
      for (let step = 0; step < 5; step++) await happen(cluster, random);
      await cluster.stop();
      cluster = await startWorkloads({ disk: cluster.disk, clock: cluster.clock, seed: life + 2 });
    }
    await cluster.rolledOut();
    const left = (await cluster.pods()).filter(isActive);
    expect(left.map((pod) => pod.spec.containers[0].image)).toEqual(Array(5).fill("image-3"));
    const sets: Seen[] = await cluster.list(`${apps}/replicasets`);
    expect(sets.filter(({ spec }) => spec.replicas > 0)).toHaveLength(1);
    expect(sets).toHaveLength(5);
  });
});
