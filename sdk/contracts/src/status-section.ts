import { defineExtensionPoint } from "@skerry/plugin";
import type { JsonValue } from "./json.ts";

/** One part of what `skerry status` prints, as data (`-o json`) and for people. */
export interface StatusSection {
  /** Key in the JSON output, camelCase. */
  readonly name: string;
  collect(): Promise<StatusReport>;
}

export interface StatusReport {
  readonly data: JsonValue;
  /** One line each, without a line break. */
  readonly lines: readonly string[];
}

export const statusSectionPoint = defineExtensionPoint<StatusSection>("kernel.status-section/1");
