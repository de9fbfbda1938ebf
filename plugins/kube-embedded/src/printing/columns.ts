import type { JsonObject, JsonValue, KindInfo, PrinterColumn } from "../kinds.ts";
import { builtInColumns, creationColumn, nameColumn } from "./built-in-columns.ts";
import type { Column } from "./column.ts";
import { ageOf } from "./human-duration.ts";
import { jsonPath } from "./json-path.ts";

const ageColumn: PrinterColumn = { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" };

/** The columns in which kubectl shows a kind: its own, those of its definition, or the name and the age. */
export function columnsFor(kind: KindInfo): readonly Column[] {
  const own =
    kind.group === "" || kind.group === "apps" || kind.group.endsWith(".k8s.io") ? builtInColumns(kind) : undefined;
  if (own !== undefined) return own;
  if (kind.printerColumns === undefined) return [nameColumn, creationColumn];
  const columns = kind.printerColumns.length === 0 ? [ageColumn] : kind.printerColumns;
  return [nameColumn, ...columns.map(customColumn)];
}

function customColumn(column: PrinterColumn): Column {
  const { name, type, format = "", priority = 0 } = column;
  const fallback = `Custom resource definition column (in JSONPath format): ${column.jsonPath}`;
  const description = column.description || fallback;
  const find = finder(column.jsonPath);
  return {
    definition: { name, type, format, description, priority },
    cell: (object, now) => cellOf(type, find(object)[0], now),
  };
}

/** A path that cannot be read leaves its column empty, as in Kubernetes. */
function finder(path: string): (object: JsonObject) => readonly JsonValue[] {
  try {
    return jsonPath(path);
  } catch {
    return () => [];
  }
}

function cellOf(type: string, value: JsonValue | undefined, now: Date): JsonValue {
  if (value === undefined || value === null) return null;
  if (type === "string") return typeof value === "object" ? JSON.stringify(value) : String(value);
  if (type === "date") return typeof value === "string" ? ageOf(value, now) : null;
  if (type === "integer") return typeof value === "number" ? Math.trunc(value) : null;
  return typeof value === type ? value : null;
}
