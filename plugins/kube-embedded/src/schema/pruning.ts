import { isJsonObject, type JsonValue } from "../kinds.ts";
import type { SchemaNode } from "./schema-node.ts";

const typeMembers = new Set(["apiVersion", "kind", "metadata"]);

/** A copy of `value` without the members that the schema does not know; their paths go into `unknown`. */
export function pruneValue(value: JsonValue, node: SchemaNode, path: string, unknown: string[]): JsonValue {
  if (Array.isArray(value)) {
    const { items } = node;
    if (items === undefined) return value;
    return (value as readonly JsonValue[]).map((item, index) => pruneValue(item, items, `${path}[${index}]`, unknown));
  }
  if (!isJsonObject(value)) return value;
  const kept: [string, JsonValue][] = [];
  for (const [name, member] of Object.entries(value)) {
    const at = path === "" ? name : `${path}.${name}`;
    const property = node.properties.get(name) ?? node.additional;
    if (node.embedded && typeMembers.has(name)) kept.push([name, member]);
    else if (property !== undefined) kept.push([name, pruneValue(member, property, at, unknown)]);
    else if (node.preserves) kept.push([name, member]);
    else unknown.push(at);
  }
  return Object.fromEntries(kept);
}
