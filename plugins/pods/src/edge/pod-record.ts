import type { JsonObject } from "@skerry/contracts";
import type { PodEvent } from "../shared/pod-report.ts";
import type { PodIdentity } from "./pod/pod.ts";

/**
 * What a node remembers of a Pod beside its object and the runtime's records: what it said, so that it says the same
 * after a restart, and what it must know when the object is gone.
 */
export interface PodRecord {
  readonly identity: PodIdentity;
  /** Milliseconds since the Unix epoch when the node first saw the Pod. */
  readonly startedAt: number;
  /** Of its specification. */
  readonly graceSeconds: number;
  /** As reported last; once its phase is final it stays. */
  readonly status?: JsonObject;
  readonly events: readonly PodEvent[];
  readonly isReleased: boolean;
  /** All of this was handed over to the cloud. */
  readonly isTold: boolean;
  /** Fields that an event has named already. */
  readonly toldFields: readonly string[];
  /** The last words of ended containers, by their id in the runtime. */
  readonly messages: Readonly<Record<string, string>>;
  /** When its deletion was seen, milliseconds since the Unix epoch. */
  readonly endingSince?: number;
  readonly failure?: { readonly reason: string; readonly message: string };
}

export function encodeRecord(record: PodRecord): Uint8Array {
  return Buffer.from(JSON.stringify(record));
}

/** `undefined` for what is no record. */
export function decodeRecord(bytes: Uint8Array): PodRecord | undefined {
  try {
    const record = JSON.parse(Buffer.from(bytes).toString("utf8")) as Partial<PodRecord> | null;
    const { identity, startedAt, graceSeconds, events, toldFields, messages } = record ?? {};
    const isWhole =
      [identity?.namespace, identity?.name, identity?.uid].every((text) => typeof text === "string") &&
      [startedAt, graceSeconds].every(Number.isFinite) &&
      Array.isArray(events) &&
      Array.isArray(toldFields) &&
      typeof messages === "object";
    return isWhole ? (record as PodRecord) : undefined;
  } catch {
    return undefined;
  }
}
