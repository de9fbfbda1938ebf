import type { NodeSession } from "@skerry/contracts";

/** What is known of one node: that it is connected, or since when and why it is not. */
export type Presence =
  | { readonly connected: true; readonly session: NodeSession }
  /** `since` is monotonic time. */
  | { readonly connected: false; readonly since: number; readonly reason: string };

export const neverConnected = "it has not connected since this cloud kernel started";
