import type { SettingSchema } from "@skerry/plugin";
import { errorCode } from "@skerry/plugin";
import { isRecord } from "../json-shape.ts";

type Schema = Omit<SettingSchema, "description">;

/** A shorter secret would blank out ordinary words, and is none. */
const shortest = 4;

/** The texts in a plugin's settings that its schema calls secret. */
export function secretsIn(properties: Readonly<Record<string, Schema>>, settings: unknown): readonly string[] {
  if (!isRecord(settings)) return [];
  return Object.entries(properties).flatMap(([name, schema]) => secretsOf(schema, settings[name]));
}

function secretsOf(schema: Schema, value: unknown): readonly string[] {
  if (schema.secret) return textsIn(value).filter((text) => text.length >= shortest);
  if (schema.properties) return secretsIn(schema.properties, value);
  const { items } = schema;
  return items && Array.isArray(value) ? value.flatMap((item) => secretsOf(items, item)) : [];
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** The same value without any of these texts. Without secrets, the value itself. */
export function redact<T>(value: T, secrets: readonly string[]): T {
  return secrets.length === 0 ? value : (without(value, secrets, 8) as T);
}

function without(value: unknown, secrets: readonly string[], depth: number): unknown {
  if (typeof value === "string") return secrets.reduce((text, secret) => text.replaceAll(secret, "[secret]"), value);
  if (typeof value !== "object" || value === null) return value;
  if (depth === 0) return "…";
  if (value instanceof Error) return without({ code: errorCode(value), message: value.message }, secrets, depth);
  if (Array.isArray(value)) return value.map((item) => without(item, secrets, depth - 1));
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, without(member, secrets, depth - 1)]));
}
