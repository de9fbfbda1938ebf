import type { JsonObject, JsonValue, KubeObject } from "@skerry/contracts";

/** The frames of the link, version 1: docs/reference/link-v1.md. They travel on lanes, after the handshake. */
export type Frame = ControlFrame | StateFrame | LogFrame | StreamFrame;

export type ControlFrame =
  | Credit
  | Acknowledge
  | Refuse
  | Applied
  | Resume
  | OutboxEpoch
  | Compare
  | List
  | Open
  | Reset
  | LogAcknowledge
  | LogRefuse;
export type StateFrame = Put | Remove | Synced | State | Buckets | Digests;
export type LogFrame = Entries;
export type StreamFrame = Data | End;

/** Either way: so many more bytes may be sent on a lane. */
export interface Credit {
  readonly type: "credit";
  readonly lane: number;
  readonly bytes: number;
}

/** Cloud → edge: these states are durable. */
export interface Acknowledge {
  readonly type: "acknowledge";
  readonly sequences: readonly number[];
}

/** Cloud → edge: this state will never be taken. */
export interface Refuse {
  readonly type: "refuse";
  readonly sequence: number;
  readonly code: string;
  readonly message: string;
}

/** Edge → cloud: the puts and removes of this session up to this one, counted from 1, are on disk. */
export interface Applied {
  readonly type: "applied";
  readonly sequence: number;
}

/**
 * Edge → cloud: this is what the replica holds: everything up to a put or remove of an earlier session, by the name
 * that session's WELCOME gave it. An empty feed asks for a comparison.
 */
export interface Resume {
  readonly type: "resume";
  readonly feed: string;
  readonly sequence: number;
}

/** Edge → cloud, before its first state, and when it changes: what the sequence numbers of later states belong to, over sessions. */
export interface OutboxEpoch {
  readonly type: "outbox-epoch";
  readonly epoch: string;
}

/** Cloud → edge: send the digests of 2^bits buckets of keys. */
export interface Compare {
  readonly type: "compare";
  readonly bits: number;
}

/** Cloud → edge: send the digests of the keys in these buckets. */
export interface List {
  readonly type: "list";
  readonly bits: number;
  readonly buckets: readonly number[];
}

/** Cloud → edge: begin a stream. */
export interface Open {
  readonly type: "open";
  readonly stream: number;
  /** Picks who answers it on the node. */
  readonly kind: string;
  readonly parameters: JsonObject;
}

/** Either way: a stream is over at once, and why. */
export interface Reset {
  readonly type: "reset";
  readonly stream: number;
  readonly code: string;
  readonly message: string;
}

/** Cloud → edge: the entries of a log up to this one are durable. */
export interface LogAcknowledge {
  readonly type: "log-acknowledge";
  readonly log: string;
  readonly epoch: string;
  readonly upTo: number;
}

/** Cloud → edge: the entries of a log up to this one will never be taken, those before the last acknowledgement left aside. */
export interface LogRefuse {
  readonly type: "log-refuse";
  readonly log: string;
  readonly epoch: string;
  readonly upTo: number;
  readonly code: string;
  readonly message: string;
}

/** Cloud → edge: hold this object. */
export interface Put {
  readonly type: "put";
  readonly key: string;
  readonly object: KubeObject;
}

/** Cloud → edge: let go of this object. */
export interface Remove {
  readonly type: "remove";
  readonly key: string;
}

/** Cloud → edge: what was sent so far makes both sides equal; the root digest that the node then has. */
export interface Synced {
  readonly type: "synced";
  readonly root: string;
}

/** Edge → cloud: the newest state of a key. */
export interface State {
  readonly type: "state";
  readonly sequence: number;
  readonly key: { readonly type: string; readonly name: string };
  readonly value: JsonValue;
}

/** Edge → cloud, asked by COMPARE: a digest of each of 2^bits buckets, in order, 8 bytes each. */
export interface Buckets {
  readonly type: "buckets";
  readonly bits: number;
  readonly digests: readonly string[];
}

/** Edge → cloud, asked by LIST: what the edge holds in those buckets. */
export interface Digests {
  readonly type: "digests";
  readonly isLast: boolean;
  readonly entries: readonly (readonly [key: string, digest: string])[];
}

/** Edge → cloud: entries of one log, in order and without gaps but for those that `dropped` counts. */
export interface Entries {
  readonly type: "entries";
  readonly log: string;
  readonly epoch: string;
  readonly entries: readonly LogEntry[];
}

export interface LogEntry {
  readonly sequence: number;
  /** Milliseconds since the Unix epoch, by the node's clock. */
  readonly at: number;
  readonly name: string;
  readonly value: JsonValue;
}

/** Either way, on the stream's lane: its next bytes. */
export interface Data {
  readonly type: "data";
  readonly stream: number;
  readonly bytes: Uint8Array;
}

/** Either way, on the stream's lane: no more bytes come this way. */
export interface End {
  readonly type: "end";
  readonly stream: number;
}
