import { defineToken } from "@skerry/plugin";

export type LogFields = Readonly<Record<string, unknown>>;

/** A logger that carries its plugin's id. Fields are data: never secrets, never whole payloads. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  /** Something is wrong and the node goes on. Pass the error as the field `error`. */
  warn(message: string, fields?: LogFields): void;
  /** Something failed that somebody must look at. */
  error(message: string, fields?: LogFields): void;
}

export const Logger = defineToken<Logger>("kernel.logger/1");
