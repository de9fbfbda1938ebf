import type { JsonObject } from "../kinds.ts";
import type { Column } from "./column.ts";

export interface TableOptions {
  readonly now: Date;
  /** What each row carries beside its cells. */
  readonly includeObject: "None" | "Metadata" | "Object";
}

/** Objects as a `meta.k8s.io/v1` Table, in the order they are given. */
export function toTable(objects: readonly JsonObject[], columns: readonly Column[], options: TableOptions): JsonObject {
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata: {},
    columnDefinitions: columns.map(({ definition }) => definition),
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.cell(object, options.now)),
      ...included(object, options.includeObject),
    })),
  };
}

function included(object: JsonObject, what: TableOptions["includeObject"]): JsonObject {
  if (what === "None") return {};
  if (what === "Object") return { object };
  const metadata = object["metadata"] ?? {};
  return { object: { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata } };
}
