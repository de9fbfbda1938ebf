import type { JsonObject } from "../kinds.ts";
import type { Column } from "./column.ts";

/** @param priority above 0: only in `-o wide` */
export function textColumn(
  name: string,
  description: string,
  cell: (object: JsonObject, now: Date) => string,
  priority = 0,
): Column {
  return { definition: { name, type: "string", format: "", description, priority }, cell };
}
