import { isJsonObject, type JsonValue } from "../kinds.ts";

/** The CEL rules of a schema, each as `path: rule`. There is no CEL engine here: objects are not held to them. */
export function unevaluatedRules(schema: JsonValue | undefined, path: string): readonly string[] {
  if (!isJsonObject(schema)) return [];
  const { properties, additionalProperties, items } = schema;
  const rules = schema["x-kubernetes-validations"];
  const own = Array.isArray(rules) ? (rules as readonly JsonValue[]) : [];
  const texts = own.map((rule) => (isJsonObject(rule) && typeof rule["rule"] === "string" ? rule["rule"] : "?"));
  const members = isJsonObject(properties) ? Object.entries(properties) : [];
  return [
    ...texts.map((text) => `${path === "" ? "(root)" : path}: ${text}`),
    ...members.flatMap(([name, property]) => unevaluatedRules(property, path === "" ? name : `${path}.${name}`)),
    ...unevaluatedRules(additionalProperties, `${path}[*]`),
    ...unevaluatedRules(items, `${path}[*]`),
  ];
}
