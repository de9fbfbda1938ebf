import { type FieldError, isJsonObject, type JsonObject, type JsonValue } from "../kinds.ts";
import { forbiddenValue, invalidValue, notSupportedValue, requiredValue } from "../registry/names.ts";

const listTypes = ["atomic", "set", "map"];
const mapTypes = ["atomic", "granular"];

/** Whether `x-kubernetes-list-type`, its keys and `x-kubernetes-map-type` fit the rest of the schema. */
export function checkListType(schema: JsonObject, at: (name: string) => string): FieldError[] {
  const errors: FieldError[] = [];
  const listType = schema["x-kubernetes-list-type"];
  const mapType = schema["x-kubernetes-map-type"];
  const keys = schema["x-kubernetes-list-map-keys"];
  if (mapType !== undefined && !mapTypes.includes(String(mapType))) {
    errors.push(notSupportedValue(at("x-kubernetes-map-type"), mapType, mapTypes));
  }
  if (listType !== undefined && !listTypes.includes(String(listType))) {
    errors.push(notSupportedValue(at("x-kubernetes-list-type"), listType, listTypes));
  }
  if (listType !== undefined && schema["type"] !== "array") {
    errors.push(invalidValue(at("type"), schema["type"] ?? "", "must be array if x-kubernetes-list-type is specified"));
  }
  if (listType !== "map") {
    if (keys === undefined) return errors;
    const why = "must not be specified unless x-kubernetes-list-type is map";
    return [...errors, forbiddenValue(at("x-kubernetes-list-map-keys"), why)];
  }
  if (!Array.isArray(keys) || keys.length === 0) {
    const why = "must not be empty if x-kubernetes-list-type is map";
    return [...errors, requiredValue(at("x-kubernetes-list-map-keys"), why)];
  }
  return [...errors, ...checkKeys(keys as readonly JsonValue[], schema["items"], at)];
}

function checkKeys(
  keys: readonly JsonValue[],
  items: JsonValue | undefined,
  at: (name: string) => string,
): FieldError[] {
  if (!isJsonObject(items)) return [];
  const properties = isJsonObject(items["properties"]) ? items["properties"] : {};
  const required = Array.isArray(items["required"]) ? (items["required"] as readonly JsonValue[]) : [];
  return keys.flatMap((key, index) => {
    const property = Object.hasOwn(properties, String(key)) ? properties[String(key)] : undefined;
    if (!isJsonObject(property)) {
      const why = "entries must all be names of item properties";
      return [invalidValue(at(`x-kubernetes-list-map-keys[${index}]`), key, why)];
    }
    if (required.includes(key) || property["default"] !== undefined) return [];
    const why = "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property";
    return [requiredValue(at(`items.properties[${key}].default`), why)];
  });
}
