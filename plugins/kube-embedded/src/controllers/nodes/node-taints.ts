import { isJsonObject, type JsonObject } from "../../kinds.ts";
import { memberAt, objectsAt } from "../../printing/member-at.ts";
import { type ApiObject, withMember } from "../../registry/api-object.ts";
import { conditionStatus } from "./node-conditions.ts";

/** The keys of the taints by which Pods leave a node that is not well. */
export const notReady = "node.kubernetes.io/not-ready";
export const unreachable = "node.kubernetes.io/unreachable";

interface Kept {
  readonly key: string;
  readonly effect: string;
  holds(node: JsonObject): boolean;
}

const ready = (node: JsonObject) => conditionStatus(node, "Ready");
const conditionHolds = (type: string) => (node: JsonObject) => conditionStatus(node, type) === "True";

/** Every taint that follows from what a Node is. Before a node has said anything it takes no Pods. */
const kept: readonly Kept[] = [
  { key: notReady, effect: "NoSchedule", holds: (node) => ready(node) === undefined || ready(node) === "False" },
  { key: notReady, effect: "NoExecute", holds: (node) => ready(node) === "False" },
  { key: unreachable, effect: "NoSchedule", holds: (node) => ready(node) === "Unknown" },
  { key: unreachable, effect: "NoExecute", holds: (node) => ready(node) === "Unknown" },
  ...[
    ["memory-pressure", "MemoryPressure"],
    ["disk-pressure", "DiskPressure"],
    ["pid-pressure", "PIDPressure"],
    ["network-unavailable", "NetworkUnavailable"],
  ].map(([name = "", type = ""]) => ({
    key: `node.kubernetes.io/${name}`,
    effect: "NoSchedule",
    holds: conditionHolds(type),
  })),
  {
    key: "node.kubernetes.io/unschedulable",
    effect: "NoSchedule",
    holds: (node) => memberAt(node, "spec", "unschedulable") === true,
  },
];

/** A Node with the taints that follow from its conditions and from `unschedulable`; itself when it has them. */
export function withTaints(node: ApiObject, now: string): ApiObject {
  const present = objectsAt(node, "spec", "taints");
  const is = (taint: JsonObject, { key, effect }: Kept) => taint["key"] === key && taint["effect"] === effect;
  const stays = present.filter((taint) => kept.every((it) => !is(taint, it) || it.holds(node)));
  const missing = kept.filter((it) => it.holds(node) && !present.some((taint) => is(taint, it)));
  if (missing.length === 0 && stays.length === present.length) return node;
  const added = missing.map(({ key, effect }) => ({ key, effect, timeAdded: now }));
  const spec = isJsonObject(node["spec"]) ? node["spec"] : {};
  const { taints: _, ...others } = spec;
  const taints = [...stays, ...added];
  return withMember(node, "spec", taints.length === 0 ? others : { ...others, taints });
}
