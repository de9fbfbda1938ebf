import type { Clock, LogFields, Logger } from "@skerry/contracts";

export type LogLevel = "debug" | "info" | "warn" | "error";

export interface LogRecord {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly level: LogLevel;
  readonly plugin: string;
  readonly message: string;
  readonly fields: LogFields;
}

/** Where a node's log goes. */
export type LogSink = (record: LogRecord) => void;

/** A logger that carries its plugin's id. */
export function pluginLogger(plugin: string, clock: Clock, sink: LogSink): Logger {
  const write =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}) =>
      sink({ at: clock.now(), level, plugin, message, fields });
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}

/** `2026-01-01T00:00:00.000Z WARN  mqtt-aedes: client refused reason="…"` */
export function formatLogText({ at, level, plugin, message, fields }: LogRecord): string {
  const rest = Object.entries(fields).map(([name, value]) => ` ${name}=${shown(value)}`);
  return `${new Date(at).toISOString()} ${level.toUpperCase().padEnd(5)} ${plugin}: ${message}${rest.join("")}`;
}

/** One JSON object: the record, its fields beside the rest. */
export function formatLogJson({ at, level, plugin, message, fields }: LogRecord): string {
  const plain = Object.entries(fields).map(([name, value]) => [
    name,
    value instanceof Error ? errorFields(value) : value,
  ]);
  return JSON.stringify({ at: new Date(at).toISOString(), level, plugin, message, ...Object.fromEntries(plain) });
}

function shown(value: unknown): string {
  if (value instanceof Error) {
    const { code, message } = errorFields(value);
    return JSON.stringify(code === undefined ? message : `${message} [${code}]`);
  }
  return JSON.stringify(value) ?? String(value);
}

function errorFields(error: Error): { readonly code: string | undefined; readonly message: string } {
  return { code: "code" in error ? String(error.code) : undefined, message: error.message };
}
