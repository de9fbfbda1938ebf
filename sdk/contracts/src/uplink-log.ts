import { defineExtensionPoint, defineToken } from "@skerry/plugin";
import type { JsonValue } from "./json.ts";

/**
 * Edge to cloud, for what happened: every entry of a log arrives, in order, unless the log's policy drops it, and what
 * is dropped is counted.
 */
export interface UplinkLog {
  /**
   * The log of a type, made when it is not there. Opened once a run: the entries of an earlier run are in it.
   *
   * Throws `SKERRY_LINK_BAD_TYPE`, `SKERRY_LINK_LOG_OPEN` (misuse).
   *
   * @param type picks the receiver in the cloud, `[a-z][a-z0-9-]*`, at most 64 bytes
   */
  open(type: string, policy: LogPolicy): EventLog;
}

export interface LogPolicy {
  /**
   * When the budget or the disk is used up: `refuse` the new entry and tell its author (commands); forget the `oldest`
   * entries (events); leave out the `newest` (telemetry whose beginning counts).
   */
  readonly whenFull: "refuse" | "oldest" | "newest";
  /** Budget on disk: names and values as JSON, and 64 bytes each. Default: 16 MiB. */
  readonly maximumBytes?: number;
  /** Entries that wait longer than this are forgotten, counted and show as a gap. Default: they wait for ever. Not with `refuse`. */
  readonly maximumAgeMs?: number;
}

export interface EventLog {
  /**
   * Adds an entry. Resolves once it is on disk; appends of one moment share one write. It then arrives at the cloud's
   * receiver, over restarts of either side, after all entries whose append resolved before.
   *
   * Resolves with `dropped` where the policy leaves it out. Errors: `SKERRY_LINK_LOG_FULL` (unavailable; with the policy
   * `refuse`), `SKERRY_LINK_TOO_LARGE`, `SKERRY_LINK_TOO_DEEP`, `SKERRY_LINK_BAD_NAME` (invalid), `SKERRY_LINK_STOPPED` (misuse).
   */
  append(name: string, value: JsonValue): Promise<"kept" | "dropped">;
  status(): EventLogStatus;
}

export interface EventLogStatus {
  readonly type: string;
  /** Entries that the cloud has not acknowledged, and their bytes as the budget counts them. */
  readonly entries: number;
  readonly bytes: number;
  /** Entries that the policy left out or forgot, since the log was made. */
  readonly dropped: number;
  /** Entries that the cloud's receiver refused for good, since the start. */
  readonly refused: number;
}

export const UplinkLog = defineToken<UplinkLog>("link.uplink-log/1");

/**
 * Cloud side of one log type. `receive` is called for one batch of a node at a time, in order.
 *
 * It resolves once the entries are durable; only then does the edge forget them. After a lost link or a crash a batch
 * may come again, cut differently: node, type, epoch and sequence name an entry for ever, and receivers are idempotent by
 * that. Rejecting with family `denied`, `invalid` or `misuse` drops the batch and is counted at the edge; anything else
 * lets it come again, with back-off.
 */
export interface LogReceiver {
  readonly type: string;
  receive(batch: LogBatch): Promise<void>;
}

export interface LogBatch {
  /** The node as its certificate names it. Authorise against this, never against the values. */
  readonly node: string;
  /** The life of the node's store: another epoch counts its sequences anew. */
  readonly epoch: string;
  /** In ascending order of their sequences; a gap is what the node dropped. */
  readonly entries: readonly LoggedEntry[];
}

export interface LoggedEntry {
  /** From 1, per node, type and epoch. */
  readonly sequence: number;
  /** Milliseconds since the Unix epoch, by the node's clock when it was appended. */
  readonly at: number;
  readonly name: string;
  readonly value: JsonValue;
}

export const logReceiverPoint = defineExtensionPoint<LogReceiver>("link.log-receiver/1");
