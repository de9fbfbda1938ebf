import { describe, expect, it } from "vitest";
import { isScaled, planScaling } from "../../src/controllers/deployments/proportional-scaling.ts";
import { newReplicas, planRollingUpdate, type Scaling } from "../../src/controllers/deployments/rolling-update.ts";
import { rolloutLimits } from "../../src/controllers/deployments/rollout-limits.ts";
import { sameTemplate, templateHash } from "../../src/controllers/deployments/template-hash.ts";
import {
  type DeploymentView,
  type ReplicaSetView,
  viewDeployment,
  viewReplicaSet,
} from "../../src/controllers/deployments/views.ts";
import { object, template } from "./workloads.ts";

const rolling = (maxSurge: number | string, maxUnavailable: number | string) => ({
  strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge, maxUnavailable } },
});

const deployment = (replicas: number, spec: object = rolling(1, 1)): DeploymentView =>
  viewDeployment(object("Deployment", { name: "web" }, { spec: { replicas, ...spec } }));

interface SetLook {
  readonly actual?: number;
  readonly available?: number;
  readonly desired?: number;
  readonly max?: number;
  readonly isObserved?: boolean;
}

let age = 0;
function set(replicas: number, look: SetLook = {}): ReplicaSetView {
  const { actual = replicas, available = replicas, desired, max, isObserved = true } = look;
  const creationTimestamp = new Date(age++ * 1000).toISOString();
  const size = desired === undefined ? {} : { "deployment.kubernetes.io/desired-replicas": String(desired) };
  const limit = max === undefined ? {} : { "deployment.kubernetes.io/max-replicas": String(max) };
  return viewReplicaSet(
    object(
      "ReplicaSet",
      { name: `set-${age}`, generation: 2, creationTimestamp, annotations: { ...size, ...limit } },
      {
        spec: { replicas },
        status: { replicas: actual, availableReplicas: available, observedGeneration: isObserved ? 2 : 1 },
      },
    ),
  );
}

const sizes = (scalings: readonly Scaling[]) => scalings.map((it) => [it.replicaSet.replicas, it.replicas]);

describe("the limits of a rolling update", () => {
  it.each<[number | string, number | string, number, number, number]>([
    ["25%", "25%", 3, 1, 0],
    ["25%", "25%", 1, 1, 0],
    ["25%", "25%", 10, 3, 2],
    ["25%", "25%", 0, 0, 0],
    ["0%", "10%", 5, 0, 1],
    [0, "1%", 4, 0, 1],
    [2, 0, 4, 2, 0],
    ["100%", "100%", 4, 4, 4],
    [1, 9, 4, 1, 4],
  ])("surge %s, unavailable %s of %i: %i and %i", (surge, unavailable, replicas, maxSurge, maxUnavailable) => {
    expect(rolloutLimits(rolling(surge, unavailable), replicas)).toEqual({ maxSurge, maxUnavailable });
  });

  it("are none for recreation, and 25 % when nothing is said", () => {
    expect(rolloutLimits({ strategy: { type: "Recreate" } }, 4)).toEqual({ maxSurge: 0, maxUnavailable: 0 });
    expect(rolloutLimits({ strategy: { type: "RollingUpdate" } }, 8)).toEqual({ maxSurge: 2, maxUnavailable: 2 });
  });
});

describe("the new ReplicaSet", () => {
  it.each<[string, ReplicaSetView[], number, number]>([
    ["starts at the surge", [set(10)], 0, 1],
    ["grows by what old ones have given up", [set(7)], 2, 4],
    ["grows no further than the size", [set(1)], 9, 10],
    ["shrinks to the size", [], 12, 10],
    ["waits where there is no room", [set(11)], 0, 0],
    ["waits for Pods that have not gone yet", [set(7, { actual: 9 })], 2, 2],
    ["waits for ReplicaSets that have not heard of their size", [set(5, { isObserved: false })], 2, 2],
  ])("%s", (_, old, present, expected) => {
    expect(newReplicas(deployment(10), old, present)).toBe(expected);
  });

  it("has the whole size at once when everything is recreated", () => {
    expect(newReplicas(deployment(10, { strategy: { type: "Recreate" } }), [], 0)).toBe(10);
  });
});

describe("a step of a rolling update", () => {
  const plan = (newest: ReplicaSetView, ...old: ReplicaSetView[]) =>
    sizes(planRollingUpdate({ deployment: deployment(10), newest, old }));

  it("scales the new ReplicaSet before the old", () => {
    expect(plan(set(0), set(10))).toEqual([[0, 1]]);
  });

  it("takes from the old what is available beyond the minimum", () => {
    expect(plan(set(1, { available: 0 }), set(10))).toEqual([[10, 9]]);
    expect(plan(set(2, { available: 1 }), set(9))).toEqual([[9, 8]]);
    expect(plan(set(2, { available: 2 }), set(9))).toEqual([[9, 7]]);
  });

  it("takes nothing while new Pods are missing", () => {
    expect(plan(set(2, { available: 0 }), set(9, { available: 9 }))).toEqual([]);
  });

  it("takes Pods first that serve nobody, then from the oldest", () => {
    const [older, younger] = [set(5), set(5, { available: 2 })];
    expect(plan(set(1, { available: 1 }), younger, older)).toEqual([[5, 3]]);
    expect(plan(set(3, { available: 3 }), set(4), set(4))).toEqual([[4, 2]]);
  });

  it("counts no Pods that are about to go", () => {
    expect(plan(set(2, { available: 0 }), set(9, { available: 11 }))).toEqual([]);
    expect(plan(set(3, { available: 1 }), set(8, { available: 10 }))).toEqual([]);
  });

  it("is over when there is nothing old", () => {
    expect(plan(set(10), set(0), set(0))).toEqual([]);
  });
});

describe("scaling in the middle of an update", () => {
  const plan = (replicas: number, newest: ReplicaSetView | undefined, ...old: ReplicaSetView[]) =>
    sizes(planScaling({ deployment: deployment(replicas, rolling(3, 2)), newest, old }));
  const sized = (replicas: number, more: SetLook = {}) => set(replicas, { desired: 10, max: 13, ...more });

  it("gives each its share of what comes or goes, and the largest the rest", () => {
    expect(plan(15, sized(5), sized(8))).toEqual([
      [8, 11],
      [5, 7],
    ]);
    expect(plan(5, sized(5), sized(8))).toEqual([
      [8, 5],
      [5, 3],
    ]);
    expect(plan(0, sized(5), sized(8))).toEqual([
      [8, 0],
      [5, 0],
    ]);
  });

  it("prefers the newer of two of a size for more, the older for less", () => {
    const [older, newer] = [sized(5, { max: 10 }), sized(5, { max: 10 })];
    const at = (replicas: number) =>
      planScaling({ deployment: deployment(replicas, rolling(0, 2)), newest: newer, old: [older] });
    expect(at(11).map((it) => [it.replicaSet.name, it.replicas])[0]).toEqual([newer.name, 6]);
    expect(at(9).map((it) => [it.replicaSet.name, it.replicas])[0]).toEqual([older.name, 4]);
  });

  it("scales the only one that has Pods, or the latest", () => {
    expect(plan(4, undefined, sized(10), sized(0))).toEqual([[10, 4]]);
    expect(plan(4, undefined, sized(0), sized(0))).toEqual([[0, 4]]);
    expect(plan(4, sized(0), sized(0))).toEqual([[0, 4]]);
    expect(plan(4, undefined)).toEqual([]);
  });

  it("ends the update when the new one has everything", () => {
    expect(plan(4, set(4, { desired: 4, max: 7 }), sized(2))).toEqual([[2, 0]]);
  });

  it("is called for by ReplicaSets that know another size", () => {
    const known = (desired: number) => ({ deployment: deployment(10), newest: set(3, { desired }), old: [set(0)] });
    expect(isScaled(known(10))).toBe(false);
    expect(isScaled(known(8))).toBe(true);
    expect(isScaled({ deployment: deployment(10), newest: set(0, { desired: 8 }), old: [] })).toBe(false);
  });
});

describe("the hash of a template", () => {
  it("does not depend on the order of members, and does on everything else", () => {
    const hash = templateHash(template(), 0);
    expect(hash).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{1,10}$/);
    expect(templateHash({ spec: template().spec, metadata: template().metadata }, 0)).toBe(hash);
    expect(templateHash(template(), 1)).not.toBe(hash);
    expect(templateHash(template("other"), 0)).not.toBe(hash);
  });

  it("is no difference between templates", () => {
    const labelled = template("scratch", { app: "web", "pod-template-hash": "abc" });
    expect(sameTemplate(template(), labelled)).toBe(true);
    expect(sameTemplate(template(), template("other"))).toBe(false);
    expect(sameTemplate(undefined, template())).toBe(false);
  });
});
