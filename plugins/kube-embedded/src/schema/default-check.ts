import { type FieldError, isJsonObject, type JsonObject, type JsonValue } from "../kinds.ts";
import { invalidValue } from "../registry/names.ts";
import { pruneValue } from "./pruning.ts";
import { schemaNode } from "./schema-node.ts";
import { validateValue } from "./validation.ts";

/** Defaults that the schema they stand in would refuse or prune. */
export function checkDefault(schema: JsonObject, path: string): FieldError[] {
  const at = (name: string) => (path === "" ? name : `${path}.${name}`);
  const { properties, additionalProperties, items } = schema;
  const members = isJsonObject(properties) ? Object.entries(properties) : [];
  const below: readonly (readonly [string, JsonValue | undefined])[] = [
    ...members.map(([name, property]) => [`properties[${name}]`, property] as const),
    ["additionalProperties", additionalProperties],
    ["items", items],
  ];
  return [
    ...(schema["default"] === undefined ? [] : checkValue(schema["default"], schema, at("default"))),
    ...below.flatMap(([name, member]) => (isJsonObject(member) ? checkDefault(member, at(name)) : [])),
  ];
}

function checkValue(value: JsonValue, schema: JsonObject, path: string): FieldError[] {
  const node = schemaNode(schema, path);
  const unknown: string[] = [];
  pruneValue(value, node, path, unknown);
  return [
    ...unknown.map((field) => invalidValue(field, value, "must be a known field")),
    ...validateValue(value, node, path),
  ];
}
