import { describe, expect, it } from "vitest";
import type { ClusterView } from "../../../src/controllers/scheduler/cluster-view.ts";
import { planScheduling } from "../../../src/controllers/scheduler/plan.ts";
import { podView } from "../../../src/controllers/scheduler/pod-view.ts";
import type { JsonObject } from "../../../src/kinds.ts";
import type { ApiObject } from "../../../src/registry/api-object.ts";
import { cluster, node, pod } from "./objects.ts";

/** Each Pod's node, or the sentence that says why it has none, in the order in which they were decided. */
function planned(on: ClusterView, ...pods: readonly ApiObject[]): Readonly<Record<string, string>> {
  const plan = planScheduling(pods, podView, on);
  return Object.fromEntries(
    [...plan].map(([it, decision]) => [it.metadata.name, decision.nodeName ?? decision.message]),
  );
}

const taint = (key: string, value: string, effect = "NoSchedule") => ({ spec: { taints: [{ key, value, effect }] } });

describe("a pod that no node can take", () => {
  const edgeOnly = pod("p", { spec: { nodeSelector: { "skerry.dev/edge": "true" } } });
  const claiming = (volume: JsonObject) => pod("p", { spec: { volumes: [{ name: "data", ...volume }] } });
  const table: readonly [string, ClusterView, ApiObject, string][] = [
    ["there are no nodes", cluster([]), pod("p"), "no nodes available to schedule pods"],
    [
      "affinity",
      cluster([node("a")]),
      edgeOnly,
      "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.",
    ],
    [
      "memory",
      cluster([node("a")]),
      pod("p", { requests: { memory: "9Gi" } }),
      "0/1 nodes are available: 1 Insufficient memory.",
    ],
    [
      "a taint",
      cluster([node("a", taint("node.kubernetes.io/unreachable", ""))]),
      pod("p"),
      "0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }.",
    ],
    [
      "several reasons, sorted, one for each node",
      cluster([node("a", taint("key", "value")), node("b"), node("c", { spec: { unschedulable: true } }), node("d")]),
      pod("p", { requests: { cpu: "5", memory: "9Gi" } }),
      "0/4 nodes are available: 1 node(s) had untolerated taint {key: value}, 1 node(s) were unschedulable, 2 Insufficient cpu, 2 Insufficient memory.",
    ],
    [
      "a claim",
      cluster([node("a")]),
      claiming({ persistentVolumeClaim: { claimName: "disk" } }),
      '0/1 nodes are available: persistentvolumeclaim "disk" not found.',
    ],
    [
      "a claim from a template",
      cluster([node("a")]),
      claiming({ ephemeral: {} }),
      '0/1 nodes are available: waiting for ephemeral volume controller to create the persistentvolumeclaim "p-data".',
    ],
    [
      "names that exclude each other",
      cluster([node("a")]),
      pod("p", {
        spec: {
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [
                  {
                    matchFields: [
                      { key: "metadata.name", operator: "In", values: ["a"] },
                      { key: "metadata.name", operator: "In", values: ["b"] },
                    ],
                  },
                ],
              },
            },
          },
        },
      }),
      "0/1 nodes are available: pod affinity terms conflict.",
    ],
  ];
  it.each(table)("%s", (_, on, wanted, message) => {
    expect(planned(on, wanted)).toEqual({ p: message });
  });
});

describe("the order", () => {
  it("is by priority, then age, and each pod sees what the earlier ones took", () => {
    const on = cluster([node("a", { allocatable: { pods: "2" } })]);
    const born = (it: ApiObject, creationTimestamp: string) => ({
      ...it,
      metadata: { ...it.metadata, creationTimestamp },
    });
    const pods = [
      born(pod("young"), "2026-01-01T00:00:02Z"),
      born(pod("old"), "2026-01-01T00:00:01Z"),
      born(pod("urgent", { spec: { priority: 7 } }), "2026-01-01T00:00:03Z"),
    ];
    expect(planned(on, ...pods)).toEqual({ urgent: "a", old: "a", young: "0/1 nodes are available: 1 Too many pods." });
  });
});

describe("of nodes that can take a pod", () => {
  const preferring = (...terms: [number, string][]) => ({
    affinity: {
      nodeAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: terms.map(([weight, key]) => ({
          weight,
          preference: { matchExpressions: [{ key, operator: "Exists" }] },
        })),
      },
    },
  });
  const labelled = (name: string, label: string) => node(name, { labels: { [label]: "" } });
  const podPreference = (kind: "podAffinity" | "podAntiAffinity") => ({
    affinity: {
      [kind]: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 10,
            podAffinityTerm: { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app: "web" } } },
          },
        ],
      },
    },
  });
  const anyway = {
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: { app: "web" } },
      },
    ],
  };
  const webOnA = [pod("there", { on: "a", labels: { app: "web" } })];
  const table: readonly [string, ClusterView, ApiObject, string][] = [
    ["equal ones go by name", cluster([node("b"), node("a"), node("c")]), pod("p"), "a"],
    [
      "the one with most left",
      cluster([node("a"), node("b")], [pod("x", { on: "a", requests: { cpu: "2" } })]),
      pod("p"),
      "b",
    ],
    [
      "pods that ask for nothing count as well",
      cluster([node("a"), node("b")], [pod("x", { on: "a" })]),
      pod("p"),
      "b",
    ],
    [
      "the preferred one",
      cluster([node("a"), labelled("b", "fast")]),
      pod("p", { spec: preferring([1, "fast"]) }),
      "b",
    ],
    [
      "the one preferred more",
      cluster([labelled("a", "fast"), labelled("b", "near")]),
      pod("p", { spec: preferring([1, "fast"], [2, "near"]) }),
      "b",
    ],
    [
      "the one that need not be avoided",
      cluster([node("a", taint("k", "v", "PreferNoSchedule")), node("b")]),
      pod("p"),
      "b",
    ],
    [
      "the one with preferred neighbours",
      cluster([node("b"), node("a")], [pod("there", { on: "b", labels: { app: "web" } })]),
      pod("p", { spec: podPreference("podAffinity") }),
      "b",
    ],
    [
      "the one without avoided neighbours",
      cluster([node("a"), node("b")], webOnA),
      pod("p", { spec: podPreference("podAntiAffinity") }),
      "b",
    ],
    [
      "the one that spreads as wished",
      cluster([node("a"), node("b")], webOnA),
      pod("p", { labels: { app: "web" }, spec: anyway }),
      "b",
    ],
    [
      "the one with fewest pods of the same owner, though it is fuller",
      cluster(
        [node("a"), node("b")],
        [pod("1", { on: "a", owner: "rs" }), pod("2", { on: "b", owner: "other", requests: { cpu: "1" } })],
      ),
      pod("p", { owner: "rs" }),
      "b",
    ],
  ];
  it.each(table)("%s", (_, on, wanted, expected) => {
    expect(planned(on, wanted)).toEqual({ p: expected });
  });

  it("a thousand pods of one owner get a hundred nodes evenly", () => {
    const on = cluster(Array.from({ length: 100 }, (_, i) => node(`n${i}`)));
    const pods = Array.from({ length: 1000 }, (_, i) => pod(`p${i}`, { owner: "rs", requests: { cpu: "100m" } }));
    planned(on, ...pods);
    expect(on.loads.map((load) => load.pods.length)).toEqual(on.loads.map(() => 10));
  });
});
