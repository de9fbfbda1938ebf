import type { Duplex } from "node:stream";
import { defineExtensionPoint, defineToken } from "@skerry/plugin";
import type { JsonObject } from "./json.ts";

/**
 * Cloud side: byte streams to a node over its link, each flow-controlled by itself. States and logs go before them.
 */
export interface NodeStreams {
  /**
   * Opens a stream; whoever contributes the kind on the node answers it. It can be written to at once. Ends are
   * told to the other side each way by itself; a destroyed stream is reset there. It is destroyed with
   * `SKERRY_LINK_STREAM_RESET` (unavailable; with the other side's reason, also when nobody there knows the kind) or
   * `SKERRY_LINK_SESSION_ENDED` (unavailable).
   *
   * Throws `SKERRY_LINK_NODE_AWAY` (unavailable: this kernel has no session of the node) and `SKERRY_LINK_STREAMS_USED_UP`
   * (unavailable).
   *
   * @param kind `[a-z][a-z0-9-]*`, at most 64 bytes
   * @param parameters at most 64 KiB as JSON
   */
  open(node: string, kind: string, parameters: JsonObject): Duplex;
}

export const NodeStreams = defineToken<NodeStreams>("link.node-streams/1");

/** Edge side: answers the streams of one kind. */
export interface StreamHandler {
  readonly kind: string;
  /** Owns the stream from now on. What it throws resets the stream. */
  handle(stream: Duplex, parameters: JsonObject): void;
}

export const streamHandlerPoint = defineExtensionPoint<StreamHandler>("link.stream-handler/1");
