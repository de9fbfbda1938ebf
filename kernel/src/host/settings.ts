import type { SettingSchema, SettingsSchema } from "@skerry/plugin";
import { deepFreeze, describeValue, isRecord } from "./json-shape.ts";

export interface SettingProblem {
  readonly path: string;
  readonly expected: string;
  readonly found: string;
}

export interface SettingsResult {
  /** Complete and frozen; meaningful only without problems. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly problems: readonly SettingProblem[];
}

/** A schema as array items have it too. */
export type ItemSchema = Omit<SettingSchema, "description">;

/** One plugin's settings: defaults filled in, every value checked, unknown keys refused, all problems at once. */
export function readSettings(schema: SettingsSchema | undefined, source: unknown): SettingsResult {
  const problems: SettingProblem[] = [];
  if (source !== undefined && source !== null && !isRecord(source)) {
    return { settings: {}, problems: [{ path: "/", expected: "settings by name", found: describeValue(source) }] };
  }
  const given = isRecord(source) ? source : {};
  const settings = readMembers(schema?.properties ?? {}, given, { path: "", secret: false, problems });
  return { settings: deepFreeze(settings), problems };
}

/** What is wrong with one value. */
export function checkValue(schema: ItemSchema, value: unknown, path: string): readonly SettingProblem[] {
  const problems: SettingProblem[] = [];
  readValue(schema, value, { path, secret: false, problems });
  return problems;
}

interface Place {
  readonly path: string;
  /** Within something secret, so that no value may be shown. */
  readonly secret: boolean;
  readonly problems: SettingProblem[];
}

function readMembers(
  properties: Readonly<Record<string, ItemSchema>>,
  given: Readonly<Record<string, unknown>>,
  place: Place,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(properties)) {
    const value = readValue(schema, Object.hasOwn(given, name) ? given[name] : undefined, {
      ...place,
      path: join(place.path, name),
    });
    if (value !== undefined) result[name] = value;
  }
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(properties, name)) continue;
    const known = Object.keys(properties).join(", ") || "no setting";
    place.problems.push({
      path: join(place.path, name),
      expected: `one of: ${known}`,
      found: "an unknown setting",
    });
  }
  return result;
}

function readValue(schema: ItemSchema, given: unknown, place: Place): unknown {
  const { path, problems } = place;
  // A setting that YAML leaves empty is null there.
  if (given === undefined || given === null) return readAbsent(schema, place);
  const secret = place.secret || schema.secret === true;
  const expected = mismatch(schema, given);
  if (expected !== undefined) {
    problems.push({ path, expected, found: secret ? "another value" : describeValue(given) });
    return undefined;
  }
  if (isRecord(given)) {
    return schema.properties ? readMembers(schema.properties, given, { ...place, secret }) : structuredClone(given);
  }
  const { items } = schema;
  if (!Array.isArray(given) || !items) return structuredClone(given);
  return given.map((item: unknown, index) =>
    readValue({ ...items, required: true }, item, { ...place, secret, path: `${path}[${index}]` }),
  );
}

function readAbsent(schema: ItemSchema, place: Place): unknown {
  if (schema.default !== undefined) return structuredClone(schema.default);
  if (schema.required) place.problems.push({ path: place.path, expected: typeName(schema), found: "nothing" });
  // An object without a value of its own still has its members' defaults.
  else if (schema.type === "object") return optionalMembers(schema, place);
  return undefined;
}

/** The defaults of an object that was not given; `undefined` when it has none, or cannot do with its defaults alone. */
function optionalMembers(schema: ItemSchema, place: Place): unknown {
  const missing: SettingProblem[] = [];
  const members = readMembers(schema.properties ?? {}, {}, { ...place, problems: missing });
  return missing.length === 0 && Object.keys(members).length > 0 ? members : undefined;
}

/** What was expected, when the value does not fit. */
function mismatch(schema: ItemSchema, value: unknown): string | undefined {
  if (!hasType(schema.type, value)) return typeName(schema);
  if (schema.enum && !schema.enum.includes(value)) return `one of ${schema.enum.map(describeValue).join(", ")}`;
  if (typeof value === "number") {
    if (schema.minimum !== undefined && value < schema.minimum) return `at least ${schema.minimum}`;
    if (schema.maximum !== undefined && value > schema.maximum) return `at most ${schema.maximum}`;
  }
  if (typeof value === "string" && schema.pattern !== undefined && !new RegExp(schema.pattern).test(value)) {
    return `text that matches ${schema.pattern}`;
  }
  return undefined;
}

function hasType(type: SettingSchema["type"], value: unknown): boolean {
  switch (type) {
    case "integer":
      return Number.isSafeInteger(value);
    case "number":
      return typeof value === "number" && Number.isFinite(value);
    case "array":
      return Array.isArray(value);
    case "object":
      return isRecord(value);
    default:
      return typeof value === type;
  }
}

function typeName({ type }: ItemSchema): string {
  return type === "integer" || type === "object" || type === "array" ? `an ${type}` : `a ${type}`;
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
