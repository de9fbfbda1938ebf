import { defineToken } from "@skerry/plugin";

/** Cloud side: the edge nodes connected to this kernel. */
export interface NodeSessions {
  list(): readonly NodeSession[];
  /** Calls for every session there is (before returning), then at every change. */
  watch(changed: (change: NodeSessionChange) => void): Disposable;
}

export interface NodeSession {
  readonly node: string;
  readonly address: string;
  /** Milliseconds since the Unix epoch. */
  readonly since: number;
}

export interface NodeSessionChange {
  readonly session: NodeSession;
  readonly connected: boolean;
  /** Why it ended, for people. Empty when connected. */
  readonly reason: string;
}

export const NodeSessions = defineToken<NodeSessions>("link.node-sessions/1");
