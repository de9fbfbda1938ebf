import { isJsonObject, type JsonObject, type JsonValue } from "../kinds.ts";

export function memberAt(object: JsonObject, ...path: string[]): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>(
    (value, name) => (isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined),
    object,
  );
}

/** The text at a path; empty when there is none. */
export function textAt(object: JsonObject, ...path: string[]): string {
  const value = memberAt(object, ...path);
  return typeof value === "string" ? value : "";
}

/** The objects in the list at a path. */
export function objectsAt(object: JsonObject, ...path: string[]): readonly JsonObject[] {
  const value = memberAt(object, ...path);
  return Array.isArray(value) ? (value as readonly JsonValue[]).filter(isJsonObject) : [];
}
