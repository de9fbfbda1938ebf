import type { LogFields, Logger } from "@skerry/contracts";

export interface LogRecord {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly message: string;
  readonly fields: LogFields;
}

/** Keeps what is logged, for assertions. */
export class RecordingLogger implements Logger {
  readonly records: LogRecord[] = [];

  debug(message: string, fields: LogFields = {}): void {
    this.records.push({ level: "debug", message, fields });
  }

  info(message: string, fields: LogFields = {}): void {
    this.records.push({ level: "info", message, fields });
  }

  warn(message: string, fields: LogFields = {}): void {
    this.records.push({ level: "warn", message, fields });
  }

  error(message: string, fields: LogFields = {}): void {
    this.records.push({ level: "error", message, fields });
  }
}
