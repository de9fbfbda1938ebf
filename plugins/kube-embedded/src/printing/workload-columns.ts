import type { JsonObject } from "../kinds.ts";
import { selectorText } from "../registry/builtin/replicated/selector-text.ts";
import type { Column } from "./column.ts";
import { memberAt, objectsAt, textAt } from "./member-at.ts";
import { textColumn } from "./text-column.ts";

/** The columns of a Deployment after its name. */
export function deploymentColumns(age: Column): readonly Column[] {
  const ready = (object: JsonObject) =>
    `${countAt(object, "status", "readyReplicas")}/${countAt(object, "spec", "replicas")}`;
  return [
    textColumn("Ready", "Number of the pod with ready state", ready),
    countColumn("Up-to-date", "Pods that are as the template says.", "status", "updatedReplicas"),
    countColumn("Available", "Pods that have been ready for long enough.", "status", "availableReplicas"),
    age,
    ...templateColumns,
  ];
}

/** The columns of a ReplicaSet after its name. */
export function replicaSetColumns(age: Column): readonly Column[] {
  return [
    countColumn("Desired", "Number of desired pods.", "spec", "replicas"),
    countColumn("Current", "Number of pods there are.", "status", "replicas"),
    countColumn("Ready", "Number of pods that are ready.", "status", "readyReplicas"),
    age,
    ...templateColumns,
  ];
}

const ofContainers = (member: string) => (object: JsonObject) =>
  objectsAt(object, "spec", "template", "spec", "containers")
    .map((container) => textAt(container, member))
    .join(",");

const templateColumns: readonly Column[] = [
  textColumn("Containers", "Names of each container in the template.", ofContainers("name"), 1),
  textColumn("Images", "Images referenced by each container in the template.", ofContainers("image"), 1),
  textColumn("Selector", "Which pods are meant.", (object) => selectorText(memberAt(object, "spec", "selector")), 1),
];

function countColumn(name: string, description: string, ...path: string[]): Column {
  return {
    definition: { name, type: "integer", format: "", description, priority: 0 },
    cell: (object) => countAt(object, ...path),
  };
}

function countAt(object: JsonObject, ...path: string[]): number {
  const value = memberAt(object, ...path);
  return typeof value === "number" ? value : 0;
}
