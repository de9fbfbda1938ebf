import { defineToken } from "@skerry/plugin";
import type { JsonValue } from "./json.ts";

/**
 * Edge to cloud, for state: the newest value of each key wins, older ones are coalesced.
 *
 * Guarantees: the value of a key that `put` resolved for reaches the cloud's receiver of its type, or a
 * newer one of the same key does, across restarts of either side. Of one key, an older value is never
 * received after a newer one. The same value may be received again after a lost link or a crash:
 * receivers are idempotent.
 */
export interface Uplink {
  /**
   * Sets the state of a key and sends it as soon as there is a link. Resolves once the value is on the
   * disk of this node or was acknowledged by the cloud, whichever comes first.
   *
   * Errors: `SKERRY_LINK_TOO_LARGE`, `SKERRY_LINK_TOO_DEEP`, `SKERRY_LINK_BAD_NAME` (invalid), `SKERRY_LINK_BAD_TYPE`,
   * `SKERRY_LINK_STOPPED` (misuse), `SKERRY_LINK_OUTBOX_FULL` (unavailable: the value is new or larger than the one it
   * replaces, and what waits already takes the outbox' budget; nothing changed), and those of the storage.
   */
  put(key: UplinkKey, value: JsonValue): Promise<void>;
  /** Forgets a key that was not yet acknowledged. Used when its subject no longer exists. */
  forget(key: UplinkKey): Promise<void>;
  /** How many keys wait for an acknowledgement. */
  pending(): number;
}

export interface UplinkKey {
  /** Picks the receiver in the cloud, for instance `twin`. `[a-z][a-z0-9-]*`. */
  readonly type: string;
  /** The subject within the type, for instance `default/meter-1`. */
  readonly name: string;
}

export const Uplink = defineToken<Uplink>("link.uplink/1");
