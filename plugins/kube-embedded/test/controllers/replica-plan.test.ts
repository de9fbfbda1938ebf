import { describe, expect, it } from "vitest";
import { planReplicas } from "../../src/controllers/replica-sets/replica-plan.ts";
import { slowStart } from "../../src/controllers/replica-sets/slow-start.ts";
import type { ApiObject } from "../../src/registry/api-object.ts";
import { object } from "./workloads.ts";

const hour = 3_600_000;
const now = Date.UTC(2026, 0, 2);
const ago = (ms: number) => new Date(now - ms).toISOString();

interface PodLook {
  readonly node?: string;
  readonly phase?: string;
  readonly readyFor?: number;
  readonly cost?: string;
  readonly restarts?: number;
  readonly age?: number;
}

function pod(name: string, look: PodLook = {}): ApiObject {
  const { node = "edge-1", phase = "Running", readyFor = 10 * hour, cost, restarts = 0, age = 20 * hour } = look;
  const annotations = cost === undefined ? {} : { "controller.kubernetes.io/pod-deletion-cost": cost };
  const conditions = readyFor < 0 ? [] : [{ type: "Ready", status: "True", lastTransitionTime: ago(readyFor) }];
  return object(
    "Pod",
    { name, uid: name, annotations, creationTimestamp: ago(age) },
    {
      spec: node === "" ? {} : { nodeName: node },
      status: { phase, conditions, containerStatuses: [{ restartCount: restarts }] },
    },
  );
}

const names = (pods: readonly ApiObject[]) => pods.map(({ metadata }) => metadata.name);
const plan = (wanted: number, pods: readonly ApiObject[], related = pods) =>
  planReplicas({ wanted, pods, related, now });

describe("the plan of a ReplicaSet", () => {
  it("creates what is missing, 500 a round", () => {
    expect(plan(5, [pod("a"), pod("b")])).toEqual({ create: 3, remove: [] });
    expect(plan(2, [pod("a"), pod("b")])).toEqual({ create: 0, remove: [] });
    expect(plan(2000, []).create).toBe(500);
  });

  it.each<[string, PodLook, PodLook]>([
    ["without a node before with one", { node: "", readyFor: -1 }, { phase: "Pending", readyFor: -1 }],
    ["pending before unknown", { phase: "Pending", readyFor: -1 }, { phase: "Unknown", readyFor: -1 }],
    ["unknown before running", { phase: "Unknown", readyFor: -1 }, { readyFor: -1 }],
    ["not ready before ready", { readyFor: -1 }, {}],
    ["cheap before dear", { cost: "-5", readyFor: 20 * hour }, { cost: "3" }],
    ["cheap before free", { cost: "-5" }, {}],
    ["a cost that is no number counts for nothing", { readyFor: hour, cost: "high" }, { readyFor: 10 * hour }],
    ["ready for a short time before a long one", { readyFor: 60_000 }, { readyFor: 10 * hour }],
    ["restarted often before seldom", { restarts: 4 }, { restarts: 1 }],
    ["young before old", { age: hour }, { age: 20 * hour }],
  ])("deletes first: %s", (_, first, second) => {
    expect(names(plan(1, [pod("z", first), pod("a", second)]).remove)).toEqual(["z"]);
    expect(names(plan(1, [pod("a", second), pod("z", first)]).remove)).toEqual(["z"]);
  });

  it("deletes first from the node where most Pods of the same owner are", () => {
    const [here, there] = [pod("a", { node: "edge-1" }), pod("b", { node: "edge-2" })];
    const sibling = pod("c", { node: "edge-2" });
    expect(names(plan(1, [here, there], [here, there, sibling]).remove)).toEqual(["b"]);
  });

  it("lets chance decide between Pods of about the same age", () => {
    const pods = [pod("b", { readyFor: 10 * hour }), pod("a", { readyFor: 10 * hour + 60_000 })];
    expect(names(plan(1, pods).remove)).toEqual(["a"]);
  });
});

describe("slow start", () => {
  it("does everything when all goes well", async () => {
    let done = 0;
    await slowStart(13, async () => {
      done += 1;
    });
    expect(done).toBe(13);
  });

  it("begins no round after a failure", async () => {
    let tried = 0;
    const trying = slowStart(100, async () => {
      tried += 1;
      if (tried >= 3) throw new Error(`no ${tried}`);
    });
    await expect(trying).rejects.toThrow("no 3");
    expect(tried).toBe(3);
  });
});
