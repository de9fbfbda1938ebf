import { defineExtensionPoint } from "@skerry/plugin";
import type { JsonValue } from "./json.ts";

/**
 * Cloud side of one uplink type. `receive` is called for one report of a key at a time, in order.
 *
 * It resolves once the report is durable (written to the Kubernetes API); only then is the edge told.
 * Rejecting with family `denied`, `invalid` or `misuse` drops the report, tells the edge and is counted;
 * anything else leaves it in the edge's outbox, and it comes again with back-off.
 */
export interface UplinkReceiver {
  readonly type: string;
  receive(report: UplinkReport): Promise<void>;
}

export interface UplinkReport {
  /** The node as its certificate names it. Authorise against this, never against the value. */
  readonly node: string;
  readonly name: string;
  readonly value: JsonValue;
  /** Which of two reports of a key is newer, whichever cloud kernels they came to. Absent where the node did not say. */
  readonly order?: ReportOrder;
}

/**
 * Of two reports of one node in one epoch, the higher sequence was put later, over restarts of the node. Another epoch is
 * another life of the node's outbox, for instance on a new disk: nothing in the two numbers compares across epochs.
 */
export interface ReportOrder {
  /** Random, at most 64 bytes; made with the store of the outbox and kept in it. */
  readonly epoch: string;
  /** A whole number from 1. It has gaps. */
  readonly sequence: number;
}

export const uplinkReceiverPoint = defineExtensionPoint<UplinkReceiver>("link.uplink-receiver/1");
