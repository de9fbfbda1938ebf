import { describe, expect, it } from "vitest";
import {
  namedNodesOnly,
  nodeAffinity,
  nodeName,
  nodeUnschedulable,
  taints,
} from "../../../src/controllers/scheduler/filters/index.ts";
import type { JsonObject } from "../../../src/kinds.ts";
import { cluster, judged, node, pod } from "./objects.ts";

const required = (...nodeSelectorTerms: JsonObject[]) => ({
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
});
const expression = (key: string, operator: string, ...values: string[]) =>
  required({ matchExpressions: [{ key, operator, ...(values.length === 0 ? {} : { values }) }] });

describe("node affinity", () => {
  const edge = node("edge-1", { labels: { "skerry.dev/edge": "true", cores: "4", zone: "a" } });
  const mismatch = ["node(s) didn't match Pod's node affinity/selector"];
  const table: readonly [string, JsonObject, boolean][] = [
    ["nothing is asked for", {}, true],
    ["a label with its value", { nodeSelector: { "skerry.dev/edge": "true" } }, true],
    ["a label with another value", { nodeSelector: { "skerry.dev/edge": "false" } }, false],
    ["a label that is not there", { nodeSelector: { gpu: "yes" } }, false],
    ["a name of an object's own members", { nodeSelector: { constructor: "x" } }, false],
    ["In", expression("zone", "In", "a", "b"), true],
    ["In, another", expression("zone", "In", "b"), false],
    ["In, absent", expression("rack", "In", "b"), false],
    ["NotIn", expression("zone", "NotIn", "b"), true],
    ["NotIn, listed", expression("zone", "NotIn", "a"), false],
    ["NotIn, absent", expression("rack", "NotIn", "a"), true],
    ["Exists", expression("zone", "Exists"), true],
    ["Exists, absent", expression("rack", "Exists"), false],
    ["DoesNotExist", expression("rack", "DoesNotExist"), true],
    ["DoesNotExist, there", expression("zone", "DoesNotExist"), false],
    ["Gt", expression("cores", "Gt", "3"), true],
    ["Gt, equal", expression("cores", "Gt", "4"), false],
    ["Lt", expression("cores", "Lt", "5"), true],
    ["Lt, equal", expression("cores", "Lt", "4"), false],
    ["Gt, no number", expression("zone", "Gt", "1"), false],
    ["Gt, no number asked for", expression("cores", "Gt", "many"), false],
    ["an operator that there is not", expression("zone", "Near", "a"), false],
    [
      "one of two terms",
      required(
        { matchExpressions: [{ key: "x", operator: "Exists" }] },
        { matchExpressions: [{ key: "zone", operator: "Exists" }] },
      ),
      true,
    ],
    ["a term that asks for nothing", required({}), false],
    ["no terms", required(), false],
    [
      "the node's name",
      required({ matchFields: [{ key: "metadata.name", operator: "In", values: ["edge-1"] }] }),
      true,
    ],
    [
      "not the node's name",
      required({ matchFields: [{ key: "metadata.name", operator: "NotIn", values: ["edge-1"] }] }),
      false,
    ],
    ["a selector and an affinity that fails", { nodeSelector: { zone: "a" }, ...expression("rack", "Exists") }, false],
  ];
  it.each(table)("%s", (_, spec, isFit) => {
    expect(judged(nodeAffinity, pod("a", { spec }), cluster([edge]))).toEqual({ "edge-1": isFit ? [] : mismatch });
  });

  it("that names its nodes keeps others from being looked at", () => {
    const named = required({ matchFields: [{ key: "metadata.name", operator: "In", values: ["a", "b"] }] });
    expect(judged(namedNodesOnly, pod("p", { spec: named }), cluster([node("a"), node("c")]))).toEqual({
      a: [],
      c: ["node(s) didn't satisfy plugin(s) [NodeAffinity]"],
    });
  });
});

describe("a node's name", () => {
  it("excludes the other nodes", () => {
    expect(judged(nodeName, pod("p", { on: "a" }), cluster([node("a"), node("b")]))).toEqual({
      a: [],
      b: ["node(s) didn't match the requested node name"],
    });
  });
});

describe("a cordoned node", () => {
  const cordoned = cluster([node("a", { spec: { unschedulable: true } }), node("b")]);

  it("takes no pods", () => {
    expect(judged(nodeUnschedulable, pod("p"), cordoned)).toEqual({ a: ["node(s) were unschedulable"], b: [] });
  });

  it("takes those that tolerate it", () => {
    const spec = { tolerations: [{ key: "node.kubernetes.io/unschedulable", operator: "Exists" }] };
    expect(judged(nodeUnschedulable, pod("p", { spec }), cordoned)).toEqual({ a: [], b: [] });
  });
});

describe("taints", () => {
  const tainted = (taint: JsonObject) => cluster([node("a", { spec: { taints: [taint] } })]);
  const refused = ["node(s) had untolerated taint {key: value}"];
  const noSchedule = { key: "key", value: "value", effect: "NoSchedule" };
  const table: readonly [string, JsonObject, readonly JsonObject[], readonly string[]][] = [
    ["not tolerated", noSchedule, [], refused],
    ["with an effect that evicts", { ...noSchedule, effect: "NoExecute" }, [], refused],
    ["only to be avoided", { ...noSchedule, effect: "PreferNoSchedule" }, [], []],
    ["without a value", { key: "key", effect: "NoSchedule" }, [], ["node(s) had untolerated taint {key: }"]],
    [
      "tolerated with its value",
      noSchedule,
      [{ key: "key", operator: "Equal", value: "value", effect: "NoSchedule" }],
      [],
    ],
    ["tolerated, the operator left out", noSchedule, [{ key: "key", value: "value" }], []],
    ["tolerated with another value", noSchedule, [{ key: "key", value: "other" }], refused],
    ["tolerated whatever its value", noSchedule, [{ key: "key", operator: "Exists" }], []],
    ["tolerated for another effect", noSchedule, [{ key: "key", operator: "Exists", effect: "NoExecute" }], refused],
    ["everything tolerated", noSchedule, [{ operator: "Exists" }], []],
    ["another key tolerated", noSchedule, [{ key: "other", operator: "Exists" }], refused],
  ];
  it.each(table)("%s", (_, taint, tolerations, expected) => {
    expect(judged(taints, pod("p", { spec: { tolerations } }), tainted(taint))).toEqual({ a: expected });
  });
});
