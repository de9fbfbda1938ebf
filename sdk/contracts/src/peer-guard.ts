import { defineExtensionPoint } from "@skerry/plugin";
import type { Peer } from "./transport.ts";

/** Cloud side: who may not come in, although an authority signed the certificate. */
export interface PeerGuard {
  /** `undefined`: may come in. Otherwise why not. Rejects when that cannot be told now: the peer is asked to come again. */
  refusal(peer: Peer): Promise<string | undefined>;
  /** Calls back with an identity whose answer may be another by now; open sessions of it are looked at again. */
  watch(changed: (identity: string) => void): Disposable;
}

export const peerGuardPoint = defineExtensionPoint<PeerGuard>("link.peer-guard/1");
