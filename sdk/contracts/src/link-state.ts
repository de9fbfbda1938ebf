import { defineToken } from "@skerry/plugin";

/** What the autonomy of an edge node says about its link. */
export interface LinkState {
  current(): LinkStatus;
  /** Calls at every change, not at once. */
  watch(changed: (status: LinkStatus) => void): Disposable;
}

/**
 * Why the link is as it is. `starting`: not tried yet; `unreachable`: no connection came about; `refused`: something
 * answered, and not as a cloud kernel does; `untrusted`: no trust between the certificates; `version`: no common wire
 * version; `identity`: the certificate is not this node's; `replaced`: another session goes by this node's name;
 * `silent`: two heartbeats without a word; `lost`: the connection ended for another reason; `stopping`: the node stops;
 * `resync`: the replica is being compared; `connected`: both sides agree.
 */
export type LinkReason =
  | "starting"
  | "unreachable"
  | "refused"
  | "untrusted"
  | "version"
  | "identity"
  | "replaced"
  | "silent"
  | "lost"
  | "stopping"
  | "resync"
  | "connected";

export interface LinkStatus {
  /** `resyncing`: connected, the replica is being compared. `online`: both sides agree. */
  readonly state: "offline" | "resyncing" | "online";
  /** Milliseconds since the Unix epoch, by this node's clock. */
  readonly since: number;
  /** For people, for instance `connection refused by 127.0.0.1:10250`. */
  readonly reason: string;
  /** The reason as one word. */
  readonly code?: LinkReason;
  /** What a person can do about it; absent when nothing has to be done. */
  readonly advice?: string;
  /** When this node was last in step with the cloud, since it started; absent when it was not. */
  readonly lastOnline?: number;
  /** Attempts to connect since it is offline. */
  readonly attempts?: number;
}

export const LinkState = defineToken<LinkState>("autonomy.link-state/1");
