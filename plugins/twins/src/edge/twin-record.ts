import { createHash } from "node:crypto";
import type { DeviceModel, JsonObject, ReportedValue } from "@skerry/contracts";
import { parseVersion } from "../shared/hybrid-clock.ts";
import type { DesiredEntries, DesiredEntry } from "./desired-entries.ts";

/** What of a twin survives a restart. */
export interface TwinRecord {
  /** Of the Device; values of an earlier Device of the same name are not taken over. */
  readonly uid: string;
  /** Fingerprint of the model that the desired values were judged by; empty before the first. */
  readonly model: string;
  readonly desired: DesiredEntries;
  readonly reported: ReadonlyMap<string, ReportedValue>;
}

export function fingerprint(model: DeviceModel): string {
  return createHash("sha256").update(JSON.stringify(model.spec)).digest("base64url").slice(0, 22);
}

export function encodeRecord({ uid, model, desired, reported }: TwinRecord): Uint8Array {
  const json = { uid, model, desired: Object.fromEntries(desired), reported: Object.fromEntries(reported) };
  return new TextEncoder().encode(JSON.stringify(json));
}

/** The record in stored bytes; `undefined` when they hold none. */
export function decodeRecord(bytes: Uint8Array): TwinRecord | undefined {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
  if (!isObject(json)) return undefined;
  const { uid, model, desired, reported } = json;
  if (typeof uid !== "string" || typeof model !== "string" || !isObject(desired) || !isObject(reported)) {
    return undefined;
  }
  const versioned = [...Object.values(desired), ...Object.values(reported)].every(
    (entry) => isObject(entry) && typeof entry["version"] === "string" && parseVersion(entry["version"]) !== undefined,
  );
  if (!versioned) return undefined;
  return {
    uid,
    model,
    desired: new Map(Object.entries(desired as unknown as Record<string, DesiredEntry>)),
    reported: new Map(Object.entries(reported as unknown as Record<string, ReportedValue>)),
  };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
