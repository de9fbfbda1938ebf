import type { LinkReason, LinkStatus } from "@skerry/contracts";

/** What happens to the link of an edge node. */
export type LinkEvent =
  | { readonly type: "attempt" }
  | { readonly type: "failed"; readonly cause: LinkCause }
  | { readonly type: "welcomed"; readonly peer: string }
  | { readonly type: "synced"; readonly peer: string }
  | { readonly type: "ended"; readonly cause: LinkCause }
  | { readonly type: "stopping" };

export interface LinkCause {
  readonly code: LinkReason;
  readonly reason: string;
  readonly advice?: string | undefined;
}

type State = LinkStatus["state"];

/** Where each event may happen, and where it leads. What is not here cannot happen, and changes nothing. */
export const transitions: Readonly<Record<LinkEvent["type"], Partial<Readonly<Record<State, State>>>>> = {
  attempt: { offline: "offline" },
  failed: { offline: "offline" },
  welcomed: { offline: "resyncing" },
  synced: { resyncing: "online", online: "online" },
  // A connection may end before the cloud has welcomed the node.
  ended: { offline: "offline", resyncing: "offline", online: "offline" },
  stopping: { offline: "offline", resyncing: "offline", online: "offline" },
};

/** The link before anything was tried. */
export function firstLinkStatus(now: number): LinkStatus {
  return { state: "offline", since: now, code: "starting", reason: "not connected yet", attempts: 0 };
}

/** The status after an event; itself when the event changes nothing or is not possible. A state keeps its `since`. */
export function nextLinkStatus(status: LinkStatus, event: LinkEvent, now: number): LinkStatus {
  const state = transitions[event.type][status.state];
  if (state === undefined || status.code === "stopping") return status;
  const isSame = state === status.state;
  const since = isSame ? status.since : now;
  const lastOnline = status.state === "online" && !isSame ? now : status.lastOnline;
  const attempts = isSame ? (status.attempts ?? 0) : 0;
  const kept = { state, since, attempts, ...(lastOnline === undefined ? {} : { lastOnline }) };
  switch (event.type) {
    case "attempt":
      return { ...status, attempts: attempts + 1 };
    case "failed":
    case "ended": {
      const { code, reason, advice } = event.cause;
      const next = { ...kept, code, reason, ...(advice === undefined ? {} : { advice }) };
      return isSame && status.code === code && status.reason === reason ? status : next;
    }
    case "welcomed":
      return { ...kept, code: "resync", reason: `connected to ${event.peer}` };
    case "synced":
      if (isSame) return status;
      return { ...kept, lastOnline: now, code: "connected", reason: `connected to ${event.peer}` };
    case "stopping":
      return { ...kept, code: "stopping", reason: "the node stops" };
  }
}
