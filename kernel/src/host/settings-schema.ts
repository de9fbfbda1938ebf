import type { SettingSchema } from "@skerry/plugin";
import { describeValue, isRecord } from "./json-shape.ts";
import { checkValue, type ItemSchema, type SettingProblem } from "./settings.ts";

type Type = SettingSchema["type"];

/** The fields a schema may have, and for which types. */
const fields: Readonly<Record<string, { readonly expected: string; readonly of?: readonly Type[] }>> = {
  type: { expected: "string, integer, number, boolean, object or array" },
  description: { expected: "a sentence" },
  default: { expected: "a value" },
  required: { expected: "true or false" },
  secret: { expected: "true or false" },
  enum: { expected: "a list of values" },
  minimum: { expected: "a number", of: ["integer", "number"] },
  maximum: { expected: "a number", of: ["integer", "number"] },
  pattern: { expected: "a regular expression", of: ["string"] },
  items: { expected: "a schema", of: ["array"] },
  properties: { expected: "schemas by name", of: ["object"] },
};
const types: readonly unknown[] = ["string", "integer", "number", "boolean", "object", "array"];

/** What is wrong with the `settings` of a manifest, by path. Afterwards it can be used as a `SettingsSchema`. */
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
  return Object.entries(properties).flatMap(([name, schema]) => checkSchema(schema, `${path}.${name}`, true));
}

function checkSchema(source: unknown, path: string, described: boolean): readonly SettingProblem[] {
  if (!isRecord(source)) return [{ path, expected: "a schema", found: describeValue(source) }];
  const problems: SettingProblem[] = [];
  const type = source["type"];
  const refuse = (name: string, expected: string) =>
    problems.push({ path: `${path}.${name}`, expected, found: describeValue(source[name]) });
  if (type === undefined) refuse("type", "string, integer, number, boolean, object or array");
  if (described && source["description"] === undefined) refuse("description", "a sentence");
  for (const [name, value] of Object.entries(source)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!field) refuse(name, `one of ${Object.keys(fields).join(", ")}`);
    else if (field.of && !field.of.some((fitting) => fitting === type))
      refuse(name, `no ${name} on type ${String(type)}`);
    else if (!isOk(name, value)) refuse(name, field.expected);
    else problems.push(...nested(name, value, `${path}.${name}`));
  }
  if (problems.length > 0) return problems;
  const schema = source as unknown as ItemSchema;
  return schema.default === undefined ? [] : checkValue(schema, schema.default, `${path}.default`);
}

function nested(name: string, value: unknown, path: string): readonly SettingProblem[] {
  if (name === "items") return checkSchema(value, path, false);
  return name === "properties" && isRecord(value) ? checkMembers(value, path) : [];
}

function isOk(name: string, value: unknown): boolean {
  switch (name) {
    case "type":
      return types.includes(value);
    case "description":
      return typeof value === "string" && value.trim() !== "";
    case "required":
    case "secret":
      return typeof value === "boolean";
    case "enum":
      return Array.isArray(value) && value.length > 0;
    case "minimum":
    case "maximum":
      return typeof value === "number";
    case "pattern":
      return typeof value === "string" && compiles(value);
    case "items":
    case "properties":
      return isRecord(value);
    default:
      return true;
  }
}

function compiles(pattern: string): boolean {
  try {
    new RegExp(pattern);
    return true;
  } catch {
    return false;
  }
}
