import { isJsonObject, type JsonValue } from "../kinds.ts";
import type { SchemaNode } from "./schema-node.ts";

/**
 * A copy of `value` with the schema's defaults. A null where none is allowed counts as absent: it becomes the default,
 * or goes. Null items of a list stay, for validation to refuse.
 */
export function defaultValue(value: JsonValue, node: SchemaNode): JsonValue {
  if (Array.isArray(value)) {
    const { items } = node;
    if (items === undefined) return value;
    return (value as readonly JsonValue[]).map((item) => defaultValue(replaced(item, items) ?? item, items));
  }
  if (!isJsonObject(value)) return value;
  const members = new Map<string, JsonValue>();
  for (const [name, member] of Object.entries(value)) {
    const property = node.properties.get(name) ?? node.additional;
    const present = property === undefined ? member : replaced(member, property);
    if (present !== undefined) members.set(name, property === undefined ? present : defaultValue(present, property));
  }
  for (const [name, property] of node.properties) {
    if (members.has(name) || property.default === undefined) continue;
    members.set(name, defaultValue(property.default, property));
  }
  return Object.fromEntries(members);
}

function replaced(value: JsonValue, node: SchemaNode): JsonValue | undefined {
  return value !== null || node.nullable ? value : node.default;
}
