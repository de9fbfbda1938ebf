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

type ItemSchema = Omit<SettingSchema, "description">;

/** One plugin's settings: defaults filled in, every value checked, unknown keys refused, all problems at once. */
export function readSettings(schema: SettingsSchema | undefined, source: unknown): SettingsResult {
  const problems: SettingProblem[] = [];
  if (source !== undefined && source !== null && !isRecord(source)) {
    return { settings: {}, problems: [{ path: "/", expected: "settings by name", found: describeValue(source) }] };
  }
  const given = isRecord(source) ? source : {};
  const settings = readMembers(schema?.properties ?? {}, given, "", problems);
  return { settings: deepFreeze(settings), problems };
}

function readMembers(
  properties: Readonly<Record<string, SettingSchema>>,
  given: Readonly<Record<string, unknown>>,
  path: string,
  problems: SettingProblem[],
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(properties)) {
    const at = join(path, name);
    const value = readValue(schema, Object.hasOwn(given, name) ? given[name] : undefined, at, problems);
    if (value !== undefined) result[name] = value;
  }
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(properties, name)) continue;
    const known = Object.keys(properties).join(", ") || "no setting";
    problems.push({ path: join(path, name), expected: `one of: ${known}`, found: "an unknown setting" });
  }
  return result;
}

function readValue(schema: ItemSchema, given: unknown, path: string, problems: SettingProblem[]): unknown {
  if (given === undefined || given === null) {
    if (schema.default !== undefined) return structuredClone(schema.default);
    if (schema.required) problems.push({ path, expected: typeName(schema), found: "nothing" });
    // An object without a value of its own still has its members' defaults.
    else if (schema.type === "object") return optionalMembers(schema, path, problems);
    return undefined;
  }
  const expected = mismatch(schema, given);
  if (expected !== undefined) {
    problems.push({ path, expected, found: schema.secret ? "another value" : describeValue(given) });
    return undefined;
  }
  if (schema.type === "object" && isRecord(given)) {
    return schema.properties ? readMembers(schema.properties, given, path, problems) : structuredClone(given);
  }
  const { items } = schema;
  if (schema.type === "array" && Array.isArray(given) && items) {
    return given.map((item, index) => readValue(items, item, `${path}[${index}]`, problems));
  }
  return structuredClone(given);
}

/** The defaults of an object that was not given: `undefined` when it has none, so that `required` members apply only to what was begun. */
function optionalMembers(schema: ItemSchema, path: string, problems: SettingProblem[]): unknown {
  const properties = schema.properties ?? {};
  const begun = Object.values(properties).some((member) => member.default !== undefined || member.type === "object");
  if (!begun) return undefined;
  const members = readMembers(properties, {}, path, problems);
  return Object.keys(members).length > 0 ? members : undefined;
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
