import { describe, expect, it } from "vitest";
import { podAffinity, topologySpread } from "../../../src/controllers/scheduler/filters/index.ts";
import type { JsonObject } from "../../../src/kinds.ts";
import { cluster, judged, node, pod } from "./objects.ts";

const web = { app: "web" };
const zone = (name: string, zoneName: string) => node(name, { labels: { zone: zoneName } });
const zones = [zone("a1", "a"), zone("a2", "a"), zone("b1", "b"), node("nowhere")];

describe("required pod affinity", () => {
  const near = (term: JsonObject = {}) => ({
    affinity: {
      podAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: "zone", labelSelector: { matchLabels: web }, ...term },
        ],
      },
    },
  });
  const far = ["node(s) didn't match pod affinity rules"];

  it("wants the domain of pods that match", () => {
    const on = cluster(zones, [pod("there", { on: "a1", labels: web })]);
    expect(judged(podAffinity, pod("p", { spec: near() }), on)).toEqual({ a1: [], a2: [], b1: far, nowhere: far });
  });

  it("finds pods of its own namespace alone", () => {
    const on = cluster(zones, [pod("there", { on: "a1", labels: web, namespace: "other" })]);
    expect(judged(podAffinity, pod("p", { spec: near() }), on)["a1"]).toEqual(far);
    expect(judged(podAffinity, pod("p", { spec: near({ namespaces: ["other"] }) }), on)["a1"]).toEqual([]);
    const byLabel = (name: string) => near({ namespaceSelector: { matchLabels: { name } } });
    expect(judged(podAffinity, pod("p", { spec: byLabel("other") }), on)["a1"]).toEqual([]);
    expect(judged(podAffinity, pod("p", { spec: byLabel("default") }), on)["a1"]).toEqual(far);
    expect(judged(podAffinity, pod("p", { spec: near({ namespaceSelector: {} }) }), on)["a1"]).toEqual([]);
  });

  it("lets the first of a group begin, on nodes with the label", () => {
    const first = pod("p", { labels: web, spec: near() });
    expect(judged(podAffinity, first, cluster(zones))).toEqual({ a1: [], a2: [], b1: [], nowhere: far });
    expect(judged(podAffinity, pod("p", { spec: near() }), cluster(zones))["a1"]).toEqual(far);
  });

  it("without a selector matches nothing", () => {
    const terms = [{ topologyKey: "zone" }];
    const spec = { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } } };
    const on = cluster(zones, [pod("there", { on: "a1", labels: web })]);
    expect(judged(podAffinity, pod("p", { spec }), on)["a1"]).toEqual(far);
  });

  it("adds the pod's own labels by matchLabelKeys", () => {
    const on = cluster(zones, [
      pod("old", { on: "a1", labels: { ...web, version: "1" } }),
      pod("new", { on: "b1", labels: { ...web, version: "2" } }),
    ]);
    const wanted = pod("p", { labels: { version: "2" }, spec: near({ matchLabelKeys: ["version"] }) });
    expect(judged(podAffinity, wanted, on)).toEqual({ a1: far, a2: far, b1: [], nowhere: far });
    const other = pod("p", { labels: { version: "2" }, spec: near({ mismatchLabelKeys: ["version"] }) });
    expect(judged(podAffinity, other, on)).toEqual({ a1: [], a2: [], b1: far, nowhere: far });
  });
});

describe("required pod anti-affinity", () => {
  const away = {
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          {
            topologyKey: "zone",
            labelSelector: { matchExpressions: [{ key: "app", operator: "In", values: ["web"] }] },
          },
        ],
      },
    },
  };

  it("keeps the pod away from the domain of pods that match", () => {
    const tooNear = ["node(s) didn't match pod anti-affinity rules"];
    const on = cluster(zones, [pod("there", { on: "a1", labels: web })]);
    expect(judged(podAffinity, pod("p", { spec: away }), on)).toEqual({
      a1: tooNear,
      a2: tooNear,
      b1: [],
      nowhere: [],
    });
  });

  it("of pods that are there keeps others away from them", () => {
    const unwanted = ["node(s) didn't satisfy existing pods anti-affinity rules"];
    const on = cluster(zones, [pod("shy", { on: "b1", spec: away })]);
    expect(judged(podAffinity, pod("p", { labels: web }), on)).toEqual({ a1: [], a2: [], b1: unwanted, nowhere: [] });
    expect(judged(podAffinity, pod("p", { labels: { app: "db" } }), on)["b1"]).toEqual([]);
  });
});

describe("topology spread", () => {
  const spread = (constraint: JsonObject = {}) => ({
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "zone",
        whenUnsatisfiable: "DoNotSchedule",
        labelSelector: { matchLabels: web },
        ...constraint,
      },
    ],
  });
  const skewed = ["node(s) didn't match pod topology spread constraints"];
  const unlabelled = ["node(s) didn't match pod topology spread constraints (missing required label)"];
  const one = [pod("1", { on: "a1", labels: web })];
  const wanted = (constraint?: JsonObject, spec: JsonObject = {}) =>
    pod("p", { labels: web, spec: { ...spread(constraint), ...spec } });

  it("keeps domains within the skew", () => {
    expect(judged(topologySpread, wanted(), cluster(zones, one))).toEqual({
      a1: skewed,
      a2: skewed,
      b1: [],
      nowhere: unlabelled,
    });
    expect(judged(topologySpread, wanted({ maxSkew: 2 }), cluster(zones, one))["a1"]).toEqual([]);
  });

  it("counts neither pods that end nor those of other namespaces", () => {
    const others = [
      pod("1", { on: "a1", labels: web, isEnding: true }),
      pod("2", { on: "a1", labels: web, namespace: "other" }),
    ];
    expect(judged(topologySpread, wanted(), cluster(zones, others))["a1"]).toEqual([]);
  });

  it("takes nothing for granted until there are domains enough", () => {
    const both = [...one, pod("2", { on: "b1", labels: web })];
    expect(judged(topologySpread, wanted(), cluster(zones, both))["a1"]).toEqual([]);
    expect(judged(topologySpread, wanted({ minDomains: 3 }), cluster(zones, both))["a1"]).toEqual(skewed);
  });

  it("looks only at nodes that the pod may be on, unless told otherwise", () => {
    const onlyA = { nodeSelector: { zone: "a" } };
    expect(judged(topologySpread, wanted({}, onlyA), cluster(zones, one))["a1"]).toEqual([]);
    expect(judged(topologySpread, wanted({ nodeAffinityPolicy: "Ignore" }, onlyA), cluster(zones, one))["a1"]).toEqual(
      skewed,
    );
  });

  it("honours taints when told to", () => {
    const closed = node("b1", { labels: { zone: "b" }, spec: { taints: [{ key: "k", effect: "NoSchedule" }] } });
    const on = cluster([zone("a1", "a"), closed], one);
    expect(judged(topologySpread, wanted(), on)["a1"]).toEqual(skewed);
    expect(judged(topologySpread, wanted({ nodeTaintsPolicy: "Honor" }), on)["a1"]).toEqual([]);
  });

  it("is only a wish with ScheduleAnyway", () => {
    expect(judged(topologySpread, wanted({ whenUnsatisfiable: "ScheduleAnyway" }), cluster(zones, one))["a1"]).toEqual(
      [],
    );
  });
});
