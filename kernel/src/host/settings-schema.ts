import { describeValue, isRecord } from "./json-shape.ts";
import { checkValue, type ItemSchema, type SettingProblem } from "./settings.ts";

interface Field {
  readonly expected: string;
  readonly fits: (value: unknown) => boolean;
  /** The types whose schemas may have it. Default: all. */
  readonly of?: readonly unknown[];
}

const types = ["string", "integer", "number", "boolean", "object", "array"];
const flag: Field = { expected: "true or false", fits: (value) => typeof value === "boolean" };
const limit: Field = { expected: "a number", fits: (value) => typeof value === "number", of: ["integer", "number"] };
const fields: ReadonlyMap<string, Field> = new Map<string, Field>([
  ["type", { expected: types.join(", "), fits: (value) => types.some((type) => type === value) }],
  ["description", { expected: "a sentence", fits: (value) => typeof value === "string" && value.trim() !== "" }],
  ["default", { expected: "a value", fits: () => true }],
  ["required", flag],
  ["secret", flag],
  ["enum", { expected: "a list of values", fits: (value) => Array.isArray(value) && value.length > 0 }],
  ["minimum", limit],
  ["maximum", limit],
  ["pattern", { expected: "a regular expression", fits: isPattern, of: ["string"] }],
  ["items", { expected: "a schema", fits: isRecord, of: ["array"] }],
  ["properties", { expected: "schemas by name", fits: isRecord, of: ["object"] }],
]);

/** What is wrong with the `settings` of a manifest, by path. Without problems it is a `SettingsSchema`. */
export function checkSettingsSchema(source: unknown, path: string): readonly SettingProblem[] {
  if (!isRecord(source) || !isRecord(source["properties"])) {
    return [{ path, expected: "{properties: {…}}", found: describeValue(source) }];
  }
  const strange = Object.keys(source).filter((name) => name !== "properties");
  return [
    ...strange.map((name) => ({ path: `${path}.${name}`, expected: "only properties", found: "this field" })),
    ...checkMembers(source["properties"], `${path}.properties`),
  ];
}

function checkMembers(properties: Readonly<Record<string, unknown>>, path: string): readonly SettingProblem[] {
  return Object.entries(properties).flatMap(([name, schema]) =>
    checkSchema(schema, `${path}.${name}`, ["type", "description"]),
  );
}

function checkSchema(source: unknown, path: string, required: readonly string[]): readonly SettingProblem[] {
  if (!isRecord(source)) return [{ path, expected: "a schema", found: describeValue(source) }];
  const names = new Set([...required, ...Object.keys(source)]);
  const problems = [...names].flatMap((name) => checkField(name, source, `${path}.${name}`));
  if (problems.length > 0) return problems;
  const schema = source as unknown as ItemSchema;
  return schema.default === undefined ? [] : checkValue(schema, schema.default, `${path}.default`);
}

function checkField(name: string, source: Readonly<Record<string, unknown>>, path: string): readonly SettingProblem[] {
  const value = source[name];
  const field = fields.get(name);
  const refuse = (expected: string) => [{ path, expected, found: describeValue(value) }];
  if (!field) return refuse(`one of ${[...fields.keys()].join(", ")}`);
  if (field.of && !field.of.includes(source["type"])) return refuse(`no ${name} on type ${String(source["type"])}`);
  if (!field.fits(value)) return refuse(field.expected);
  if (name === "items") return checkSchema(value, path, ["type"]);
  return name === "properties" && isRecord(value) ? checkMembers(value, path) : [];
}

function isPattern(value: unknown): boolean {
  try {
    return typeof value === "string" && new RegExp(value) !== undefined;
  } catch {
    return false;
  }
}
