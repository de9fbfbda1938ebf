import type { Clock, LogFields, Logger } from "@skerry/contracts";
import { redact } from "./redact.ts";

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

/**
 * A logger that carries its plugin's id.
 *
 * @param secrets values of the plugin's secret settings: they never reach the sink
 */
export function pluginLogger(plugin: string, clock: Clock, sink: LogSink, secrets: readonly string[] = []): Logger {
  // Longest first, so that a secret within another leaves no rest of it.
  const hidden = [...secrets].sort((a, b) => b.length - a.length);
  const write =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}) =>
      sink({
        at: clock.now(),
        level,
        plugin,
        message: redact(message, hidden),
        fields: redact(fields, hidden),
      });
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}
