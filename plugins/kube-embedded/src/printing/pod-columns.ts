import type { JsonObject } from "../kinds.ts";
import type { Column } from "./column.ts";
import { memberAt, objectsAt, textAt } from "./member-at.ts";
import { podSummary } from "./pod-summary.ts";
import { textColumn } from "./text-column.ts";

/** The columns of a Pod after its name. */
export function podColumns(age: Column): readonly Column[] {
  return [
    textColumn("Ready", "The aggregate readiness state of this pod for accepting traffic.", (pod, now) => {
      const { ready, total } = podSummary(pod, now);
      return `${ready}/${total}`;
    }),
    textColumn(
      "Status",
      "The aggregate status of the containers in this pod.",
      (pod, now) => podSummary(pod, now).reason,
    ),
    textColumn(
      "Restarts",
      "The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.",
      (pod, now) => podSummary(pod, now).restarts,
    ),
    age,
    textColumn("IP", "podIP address allocated to the pod.", (pod) => addressOf(pod) || "<none>", 1),
    textColumn("Node", "The node that runs the pod.", (pod) => textAt(pod, "spec", "nodeName") || "<none>", 1),
    textColumn(
      "Nominated Node",
      "The node on which the pod will run once others have made room.",
      (pod) => textAt(pod, "status", "nominatedNodeName") || "<none>",
      1,
    ),
    textColumn("Readiness Gates", "Conditions that count for the pod's readiness.", readinessGates, 1),
  ];
}

function addressOf(pod: JsonObject): string {
  const [first] = objectsAt(pod, "status", "podIPs");
  return first === undefined ? textAt(pod, "status", "podIP") : textAt(first, "ip");
}

function readinessGates(pod: JsonObject): string {
  const gates = objectsAt(pod, "spec", "readinessGates");
  if (gates.length === 0) return "<none>";
  const conditions = objectsAt(pod, "status", "conditions");
  const met = gates.filter((gate) =>
    conditions.some((it) => it["type"] === gate["conditionType"] && memberAt(it, "status") === "True"),
  );
  return `${met.length}/${gates.length}`;
}
