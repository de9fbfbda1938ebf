import { defineToken } from "@skerry/plugin";

/** What the autonomy of an edge node says about its link. */
export interface LinkState {
  current(): LinkStatus;
  /** Calls at every change, not at once. */
  watch(changed: (status: LinkStatus) => void): Disposable;
}

export interface LinkStatus {
  /** `resyncing`: connected, the replica is being compared. `online`: both sides agree. */
  readonly state: "offline" | "resyncing" | "online";
  /** Milliseconds since the Unix epoch. */
  readonly since: number;
  /** For people, for instance `connection refused by 127.0.0.1:10250`. */
  readonly reason: string;
}

export const LinkState = defineToken<LinkState>("autonomy.link-state/1");
