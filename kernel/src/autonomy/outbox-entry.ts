import type { UplinkKey } from "@skerry/contracts";

interface Waiter {
  readonly sequence: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export interface OutboxState {
  readonly sequence: number;
  /** The value as JSON: what its author does to it later does not show. */
  readonly text: string;
  readonly bytes: number;
}

/** What the outbox knows of one key. */
export class OutboxEntry {
  readonly key: UplinkKey;
  /** The newest state, until it is acknowledged or forgotten. */
  latest: OutboxState | undefined;
  /** The state on the wire. A newer one waits for its acknowledgement. */
  inFlight: OutboxState | undefined;
  /** The state that the disk holds. */
  onDisk: number | undefined;
  /** What a write under way leaves on disk: until it is done, a crash may leave this or the former. */
  writing: { readonly sequence: number | undefined } | undefined;
  /** What the newest state takes of the outbox' budget. */
  held = 0;
  #waiters: Waiter[] = [];

  constructor(key: UplinkKey) {
    this.key = key;
  }

  /** The disk says something else than memory, and will after the write under way. */
  get isDirty(): boolean {
    return (this.writing ? this.writing.sequence : this.onDisk) !== this.latest?.sequence;
  }

  /**
   * A state may be sent when no other is on its way, and a crash could leave no older one on disk: it
   * would be sent again and arrive after this.
   */
  get isReady(): boolean {
    if (this.latest === undefined || this.inFlight !== undefined) return false;
    const { sequence } = this.latest;
    return [this.onDisk, this.writing?.sequence].every((left) => left === undefined || left === sequence);
  }

  /** Nothing is left to remember. */
  get isDone(): boolean {
    return [this.latest, this.inFlight, this.onDisk, this.writing].every((left) => left === undefined);
  }

  /** Resolves when this state, or a newer one, is safe. */
  safe(sequence: number): Promise<void> {
    return new Promise((resolve, reject) => this.#waiters.push({ sequence, resolve, reject }));
  }

  /** This state is on disk or was acknowledged; so is everything older that it replaced. */
  markSafe(sequence: number): void {
    for (const { resolve } of this.#take(sequence)) resolve();
  }

  markFailed(sequence: number, error: unknown): void {
    for (const { reject } of this.#take(sequence)) reject(error);
  }

  #take(sequence: number): readonly Waiter[] {
    const taken = this.#waiters.filter((waiter) => waiter.sequence <= sequence);
    this.#waiters = this.#waiters.filter((waiter) => waiter.sequence > sequence);
    return taken;
  }
}
