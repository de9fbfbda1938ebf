import { type FieldError, isJsonObject, type JsonObject, type JsonValue } from "../kinds.ts";
import { forbiddenValue, invalidValue, notSupportedValue, requiredValue } from "../registry/names.ts";
import { checkDefault } from "./default-check.ts";
import { checkJunctors } from "./junctor-check.ts";
import { checkKeywords } from "./keyword-check.ts";
import { checkListType } from "./list-type-check.ts";

const types = ["array", "boolean", "integer", "number", "object", "string"];

/** What keeps an `openAPIV3Schema` from being a structural schema (`apiextensions.k8s.io/v1`). */
export function checkSchema(schema: JsonValue): FieldError[] {
  if (!isJsonObject(schema)) return [invalidValue("", schema, "must be an object")];
  const errors = checkNode(schema, "", "at the root");
  if (typeof schema["type"] === "string" && schema["type"] !== "object") {
    errors.push(invalidValue("type", schema["type"], "must be object at the root"));
  }
  if (schema["nullable"] === true) errors.push(forbiddenValue("nullable", "nullable cannot be true at the root"));
  // A broken schema gives follow-up errors without end: defaults are tried only on a sound one.
  return [...errors, ...checkRootMetadata(schema), ...(errors.length === 0 ? checkDefault(schema, "") : [])];
}

function checkNode(schema: JsonObject, path: string, place: string): FieldError[] {
  const at = (name: string) => (path === "" ? name : `${path}.${name}`);
  const errors = [
    ...checkKeywords(schema, at),
    ...checkType(schema, at, place),
    ...checkListType(schema, at),
    ...checkJunctors(schema, at),
  ];
  const { properties, additionalProperties, items } = schema;
  if (isJsonObject(properties)) {
    for (const [name, property] of Object.entries(properties)) {
      errors.push(...checkMember(property, at(`properties[${name}]`), "for specified object fields"));
    }
  }
  if (additionalProperties === false) {
    errors.push(forbiddenValue(at("additionalProperties"), "additionalProperties cannot be false"));
  } else if (additionalProperties !== undefined && additionalProperties !== true) {
    errors.push(...checkMember(additionalProperties, at("additionalProperties"), "for specified object fields"));
  }
  if (properties !== undefined && additionalProperties !== undefined) {
    const why = "additionalProperties and properties are mutual exclusive";
    errors.push(forbiddenValue(at("additionalProperties"), why));
  }
  if (items !== undefined) errors.push(...checkMember(items, at("items"), "for specified array items"));
  return errors;
}

function checkMember(schema: JsonValue, path: string, place: string): FieldError[] {
  if (isJsonObject(schema)) return checkNode(schema, path, place);
  const isList = Array.isArray(schema);
  return [
    isList
      ? forbiddenValue(path, "must be a schema object and not an array")
      : invalidValue(path, schema, "must be an object"),
  ];
}

function checkType(schema: JsonObject, at: (name: string) => string, place: string): FieldError[] {
  const { type } = schema;
  const isIntOrString = schema["x-kubernetes-int-or-string"] === true;
  const preserves = schema["x-kubernetes-preserve-unknown-fields"] === true;
  const errors: FieldError[] = [];
  if (type === undefined || type === "") {
    if (!isIntOrString && !(preserves && place !== "at the root")) {
      errors.push(requiredValue(at("type"), `must not be empty ${place}`));
    }
    return errors;
  }
  if (type === "null") {
    return [forbiddenValue(at("type"), "type cannot be set to null, use nullable as an alternative")];
  }
  if (typeof type !== "string" || !types.includes(type)) return [notSupportedValue(at("type"), type, types)];
  const only = (keyword: string, wanted: string) => {
    if (schema[keyword] === undefined || schema[keyword] === false || type === wanted) return;
    errors.push(invalidValue(at("type"), type, `must be ${wanted} if ${keyword} is true`));
  };
  if (isIntOrString) {
    errors.push(invalidValue(at("type"), type, "must be empty if x-kubernetes-int-or-string is true"));
  }
  only("x-kubernetes-preserve-unknown-fields", "object");
  only("x-kubernetes-embedded-resource", "object");
  if (type === "array" && schema["items"] === undefined) errors.push(requiredValue(at("items"), "must be specified"));
  for (const keyword of ["properties", "additionalProperties"]) {
    if (schema[keyword] === undefined || type === "object") continue;
    errors.push(forbiddenValue(at(keyword), `must be empty unless type is object`));
  }
  return errors;
}

/** Of the metadata, a schema may only restrict the names. */
function checkRootMetadata({ properties }: JsonObject): FieldError[] {
  const metadata = isJsonObject(properties) ? properties["metadata"] : undefined;
  if (!isJsonObject(metadata)) return [];
  const members = isJsonObject(metadata["properties"]) ? Object.keys(metadata["properties"]) : [];
  const isPlain = Object.keys(metadata).every((keyword) => ["type", "description", "properties"].includes(keyword));
  if (isPlain && members.every((name) => name === "name" || name === "generateName")) return [];
  const why = "must not specify anything other than name and generateName, but metadata is implicitly specified";
  return [forbiddenValue("properties[metadata]", why)];
}
