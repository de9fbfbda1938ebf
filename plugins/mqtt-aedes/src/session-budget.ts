export interface SessionLimits {
  /** Messages kept for one session. */
  readonly messages: number;
  /** Payload bytes kept for all sessions together. */
  readonly bytes: number;
}

/**
 * Bounds what the broker keeps for persistent sessions (clean session 0) whose clients are away or do not
 * acknowledge: messages beyond the limits are not kept for that session, as MQTT brokers do.
 */
export class SessionBudget {
  readonly #limits: SessionLimits;
  readonly #kept = new Map<string, number[]>();
  #bytes = 0;

  constructor(limits: SessionLimits) {
    this.#limits = limits;
  }

  /** Whether a message may be kept for the session; if so it is counted. */
  admit(clientId: string, bytes: number): boolean {
    const kept = this.#kept.get(clientId) ?? [];
    if (kept.length >= this.#limits.messages || this.#bytes + bytes > this.#limits.bytes) {
      return false;
    }
    kept.push(bytes);
    this.#kept.set(clientId, kept);
    this.#bytes += bytes;
    return true;
  }

  /** The client took its oldest message. */
  acknowledge(clientId: string): void {
    const kept = this.#kept.get(clientId);
    this.#bytes -= kept?.shift() ?? 0;
    if (kept?.length === 0) {
      this.#kept.delete(clientId);
    }
  }

  /** The session has ended. */
  forget(clientId: string): void {
    for (const bytes of this.#kept.get(clientId) ?? []) {
      this.#bytes -= bytes;
    }
    this.#kept.delete(clientId);
  }
}
