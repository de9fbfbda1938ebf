import { isJsonObject, type JsonObject } from "../../kinds.ts";
import { memberAt, objectsAt, textAt } from "../../printing/member-at.ts";
import type { ApiObject } from "../../registry/api-object.ts";
import type { Labels } from "../../selectors/label-selector.ts";
import { type Amounts, amountsOf } from "./amounts.ts";

/** `v1.Taint` without its time. */
export interface Taint {
  readonly key: string;
  readonly value: string;
  /** `NoSchedule`, `PreferNoSchedule` or `NoExecute`. */
  readonly effect: string;
}

/** What the scheduler reads of a Node. */
export interface NodeView {
  readonly name: string;
  readonly labels: Labels;
  readonly taints: readonly Taint[];
  readonly isUnschedulable: boolean;
  /** What Pods may use of it. */
  readonly allocatable: Amounts;
}

const views = new WeakMap<ApiObject, NodeView>();

/** The view of a Node; made once for each version of it. */
export function nodeView(node: ApiObject): NodeView {
  let view = views.get(node);
  if (view === undefined) {
    view = read(node);
    views.set(node, view);
  }
  return view;
}

function read(node: ApiObject): NodeView {
  const allocatable = memberAt(node, "status", "allocatable");
  return {
    name: node.metadata.name,
    labels: node.metadata.labels ?? {},
    taints: taintsOf(node),
    isUnschedulable: memberAt(node, "spec", "unschedulable") === true,
    allocatable: amountsOf(isJsonObject(allocatable) ? allocatable : memberAt(node, "status", "capacity")),
  };
}

/** The taints in the spec of a Node. */
export function taintsOf(node: JsonObject): readonly Taint[] {
  return objectsAt(node, "spec", "taints").map((taint) => ({
    key: textAt(taint, "key"),
    value: textAt(taint, "value"),
    effect: textAt(taint, "effect"),
  }));
}
