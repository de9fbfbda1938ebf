import type { JsonValue, KubeObject } from "@skerry/contracts";

/** The messages of the link, version 0. docs/reference/link-v0.md is their format page. */
export type Frame = Hello | Welcome | Digests | Put | Remove | Synced | State | Acknowledge | Refuse | Ping;

/** Edge → cloud, first. */
export interface Hello {
  readonly type: "hello";
  /** Wire versions the edge speaks. */
  readonly versions: readonly number[];
  readonly node: string;
  /** Digest of everything in the replica. */
  readonly root: string;
}

/** Cloud → edge, first. */
export interface Welcome {
  readonly type: "welcome";
  readonly version: number;
  /** Silence of two heartbeats ends the session, on both sides. */
  readonly heartbeatMs: number;
  /** The edge is to send its digests: its root differs from what it should hold. */
  readonly resync: boolean;
}

/** Edge → cloud, after a Welcome that asks for them: what the edge holds. */
export interface Digests {
  readonly type: "digests";
  readonly entries: readonly (readonly [key: string, digest: string])[];
  readonly isLast: boolean;
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

/** Cloud → edge: what was sent so far makes both sides equal. */
export interface Synced {
  readonly type: "synced";
}

/** Edge → cloud: the newest state of a key. */
export interface State {
  readonly type: "state";
  readonly sequence: number;
  readonly key: { readonly type: string; readonly name: string };
  readonly value: JsonValue;
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

/** Either way: I am alive. */
export interface Ping {
  readonly type: "ping";
}

/** Wire versions this code speaks. */
export const wireVersions = [0] as const;

/** Why a session ended, as WebSocket close codes. */
export const closeCodes = {
  goingAway: 1001,
  malformed: 4000,
  version: 4001,
  identity: 4003,
  silent: 4008,
  replaced: 4009,
  internal: 4011,
} as const;
