import { errorCode } from "@skerry/plugin";
import type { LogRecord } from "./plugin-logger.ts";

/** `2026-01-01T00:00:00.000Z WARN  mqtt-aedes: client refused reason="…"`: always one line. */
export function formatLogText({ at, level, plugin, message, fields }: LogRecord): string {
  const rest = Object.entries(fields).map(([name, value]) => ` ${name}=${inText(value)}`);
  return oneLine(`${time(at)} ${level.toUpperCase().padEnd(5)} ${plugin}: ${message}${rest.join("")}`);
}

/** One JSON object on one line: the record, its fields beside the rest. */
export function formatLogJson({ at, level, plugin, message, fields }: LogRecord): string {
  const record = { at: time(at), level, plugin, message };
  // Spread twice: a field cannot take the place of what the record says itself.
  return oneLine(json({ ...record, ...fields, ...record }) ?? JSON.stringify({ ...record, fields: notShown }));
}

function time(at: number): string {
  return Number.isFinite(at) && Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : String(at);
}

function inText(value: unknown): string {
  if (!(value instanceof Error)) return json(value) ?? notShown;
  const code = errorCode(value);
  return JSON.stringify(code === undefined ? value.message : `${value.message} [${code}]`);
}

const notShown = "(not shown: no JSON)";

/** `undefined` for what refers to itself: a log line must not be what fails. */
function json(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, plain) ?? typeof value;
  } catch {
    return undefined;
  }
}

function plain(_: string, value: unknown): unknown {
  if (value instanceof Error) return { code: errorCode(value), message: value.message };
  return typeof value === "bigint" ? String(value) : value;
}

/** Escapes what would end the line or steer a terminal. */
function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through.
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (character) =>
    character === "\n" ? "\\n" : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
