import { errorMessage } from "@skerry/plugin";
import { isJsonObject, type JsonObject, type JsonValue } from "../kinds.ts";
import { errors } from "./errors.ts";
import { goPattern } from "./go-pattern.ts";

/** A schema in the form that pruning, defaulting and validation walk through. */
export interface SchemaNode {
  /** Empty: any. */
  readonly types: readonly string[];
  readonly nullable: boolean;
  readonly properties: ReadonlyMap<string, SchemaNode>;
  /** What other members are like; `undefined` where there are none. */
  readonly additional: SchemaNode | undefined;
  readonly items: SchemaNode | undefined;
  readonly required: readonly string[];
  readonly enum: readonly JsonValue[] | undefined;
  readonly default: JsonValue | undefined;
  readonly pattern: Pattern | undefined;
  readonly format: string | undefined;
  /** Bounds of numbers, lengths and counts, by keyword. */
  readonly bounds: ReadonlyMap<Bound, number>;
  readonly exclusiveMinimum: boolean;
  readonly exclusiveMaximum: boolean;
  readonly preserves: boolean;
  readonly embedded: boolean;
  readonly listType: string | undefined;
  readonly listKeys: readonly string[];
  readonly allOf: readonly SchemaNode[];
  readonly anyOf: readonly SchemaNode[];
  readonly oneOf: readonly SchemaNode[];
  readonly not: SchemaNode | undefined;
}

export interface Pattern {
  readonly text: string;
  readonly regExp: RegExp;
}

const bounds = [
  "minimum",
  "maximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "minProperties",
  "maxProperties",
] as const;
export type Bound = (typeof bounds)[number];

/** Accepts everything, and keeps it. */
const anything = { "x-kubernetes-preserve-unknown-fields": true };

export function schemaNode(schema: JsonValue | undefined, path: string): SchemaNode {
  if (!isJsonObject(schema)) throw errors.create("SKERRY_KUBE_EMBEDDED_SCHEMA", { path, problem: "it is no object" });
  const under = (name: string) => (path === "" ? name : `${path}.${name}`);
  const several = (name: string) =>
    list(schema[name]).map((branch, index) => schemaNode(branch, under(`${name}[${index}]`)));
  const { additionalProperties: additional, items, not } = schema;
  return {
    types: typesOf(schema),
    nullable: schema["nullable"] === true,
    properties: new Map(
      Object.entries(objectOf(schema["properties"])).map(([name, property]) => [
        name,
        schemaNode(property, under(`properties[${name}]`)),
      ]),
    ),
    additional:
      additional === undefined || additional === false
        ? undefined
        : schemaNode(additional === true ? anything : additional, under("additionalProperties")),
    items: items === undefined ? undefined : schemaNode(items, under("items")),
    required: strings(schema["required"]),
    enum: Array.isArray(schema["enum"]) ? (schema["enum"] as readonly JsonValue[]) : undefined,
    default: schema["default"],
    pattern: patternOf(schema["pattern"], path),
    format: textOf(schema["format"]),
    bounds: boundsOf(schema),
    exclusiveMinimum: schema["exclusiveMinimum"] === true,
    exclusiveMaximum: schema["exclusiveMaximum"] === true,
    preserves: schema["x-kubernetes-preserve-unknown-fields"] === true,
    embedded: schema["x-kubernetes-embedded-resource"] === true,
    listType: textOf(schema["x-kubernetes-list-type"]),
    listKeys: strings(schema["x-kubernetes-list-map-keys"]),
    allOf: several("allOf"),
    anyOf: several("anyOf"),
    oneOf: several("oneOf"),
    not: not === undefined ? undefined : schemaNode(not, under("not")),
  };
}

function typesOf(schema: JsonObject): readonly string[] {
  if (schema["x-kubernetes-int-or-string"] === true) return ["integer", "string"];
  return typeof schema["type"] === "string" && schema["type"] !== "" ? [schema["type"]] : [];
}

function boundsOf(schema: JsonObject): ReadonlyMap<Bound, number> {
  return new Map(
    bounds.flatMap((bound) => {
      const value = schema[bound];
      return typeof value === "number" ? [[bound, value] as const] : [];
    }),
  );
}

function patternOf(pattern: JsonValue | undefined, path: string): Pattern | undefined {
  if (typeof pattern !== "string" || pattern === "") return undefined;
  try {
    return { text: pattern, regExp: goPattern(pattern) };
  } catch (cause) {
    throw errors.create("SKERRY_KUBE_EMBEDDED_SCHEMA", { path, problem: errorMessage(cause) }, cause);
  }
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function list(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function strings(value: JsonValue | undefined): readonly string[] {
  return list(value).filter((item) => typeof item === "string");
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}
