import { errorMessage } from "@skerry/plugin";
import { type FieldError, isJsonObject, type JsonObject, type JsonValue } from "../kinds.ts";
import { forbiddenValue, invalidValue } from "../registry/names.ts";
import { goPattern } from "./go-pattern.ts";

type Form = "text" | "number" | "count" | "truth" | "list" | "texts" | "object" | "any";

/** Every keyword of `JSONSchemaProps` that a structural schema may have, with the form of its value. */
const keywords: Readonly<Record<string, Form>> = {
  description: "text",
  title: "text",
  type: "any",
  format: "text",
  pattern: "text",
  nullable: "truth",
  default: "any",
  example: "any",
  externalDocs: "object",
  enum: "list",
  required: "texts",
  properties: "object",
  additionalProperties: "any",
  items: "any",
  minimum: "number",
  maximum: "number",
  multipleOf: "number",
  exclusiveMinimum: "truth",
  exclusiveMaximum: "truth",
  minLength: "count",
  maxLength: "count",
  minItems: "count",
  maxItems: "count",
  minProperties: "count",
  maxProperties: "count",
  uniqueItems: "truth",
  allOf: "list",
  anyOf: "list",
  oneOf: "list",
  not: "object",
  "x-kubernetes-preserve-unknown-fields": "truth",
  "x-kubernetes-embedded-resource": "truth",
  "x-kubernetes-int-or-string": "truth",
  "x-kubernetes-list-type": "text",
  "x-kubernetes-list-map-keys": "texts",
  "x-kubernetes-map-type": "text",
  "x-kubernetes-validations": "list",
};

const refused = new Set([
  "$ref",
  "$schema",
  "id",
  "definitions",
  "dependencies",
  "patternProperties",
  "additionalItems",
]);

const forms: Readonly<Record<Form, readonly [(value: JsonValue) => boolean, string]>> = {
  any: [() => true, ""],
  text: [(value) => typeof value === "string", "must be a string"],
  number: [(value) => typeof value === "number", "must be a number"],
  count: [(value) => Number.isSafeInteger(value) && Number(value) >= 0, "must be a whole number from 0"],
  truth: [(value) => typeof value === "boolean", "must be true or false"],
  list: [(value) => Array.isArray(value), "must be an array"],
  texts: [
    (value) => Array.isArray(value) && value.every((it) => typeof it === "string"),
    "must be an array of strings",
  ],
  object: [isJsonObject, "must be an object"],
};

/** Keywords that are unknown, not supported, or of the wrong form. */
export function checkKeywords(schema: JsonObject, at: (name: string) => string): FieldError[] {
  const errors = Object.entries(schema).flatMap(([keyword, value]) => {
    if (refused.has(keyword)) return [forbiddenValue(at(keyword), `${keyword} is not supported`)];
    const form = Object.hasOwn(keywords, keyword) ? keywords[keyword] : undefined;
    if (form === undefined) return [forbiddenValue(at(keyword), "unknown field in a schema")];
    const [fits, why] = forms[form];
    return fits(value) ? [] : [invalidValue(at(keyword), value, why)];
  });
  if (schema["uniqueItems"] === true) {
    const why = "uniqueItems cannot be set to true since the runtime complexity becomes quadratic";
    errors.push(forbiddenValue(at("uniqueItems"), why));
  }
  if (schema["x-kubernetes-preserve-unknown-fields"] === false) {
    errors.push(invalidValue(at("x-kubernetes-preserve-unknown-fields"), false, "must be true or undefined"));
  }
  return [...errors, ...checkPattern(schema["pattern"], at("pattern"))];
}

function checkPattern(pattern: JsonValue | undefined, path: string): FieldError[] {
  if (typeof pattern !== "string") return [];
  try {
    goPattern(pattern);
    return [];
  } catch (error) {
    return [invalidValue(path, pattern, `must be a valid regular expression, but isn't: ${errorMessage(error)}`)];
  }
}
