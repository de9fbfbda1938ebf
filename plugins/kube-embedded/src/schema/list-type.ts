import { type FieldError, isJsonObject, type JsonValue } from "../kinds.ts";
import type { SchemaNode } from "./schema-node.ts";

/** Items that a list of type `set` or `map` has twice. */
export function validateListType(list: readonly JsonValue[], node: SchemaNode, path: string): FieldError[] {
  if (node.listType !== "set" && node.listType !== "map") return [];
  const seen = new Set<string>();
  return list.flatMap((item, index) => {
    const key = node.listType === "set" ? canonical(item) : keyOf(item, node);
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [{ field: `${path}[${index}]`, reason: "FieldValueDuplicate" as const, message: `Duplicate value: ${key}` }];
  });
}

/** The key members of an item; an absent one counts as its default. */
function keyOf(item: JsonValue, node: SchemaNode): string {
  const members = isJsonObject(item) ? item : {};
  const keys = node.listKeys.map((name) => [name, members[name] ?? node.items?.properties.get(name)?.default ?? null]);
  return canonical(Object.fromEntries(keys));
}

function canonical(value: JsonValue): string {
  return JSON.stringify(value, (_, member: JsonValue) =>
    isJsonObject(member) ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1))) : member,
  );
}
