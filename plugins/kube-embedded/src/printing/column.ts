import type { JsonObject, JsonValue } from "../kinds.ts";

/** One column of a table: how it is announced, and what it shows of an object. */
export interface Column {
  readonly definition: ColumnDefinition;
  cell(object: JsonObject, now: Date): JsonValue;
}

/** `meta.k8s.io/v1` TableColumnDefinition. */
export interface ColumnDefinition extends JsonObject {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  readonly priority: number;
}
