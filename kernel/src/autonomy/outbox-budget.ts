export interface OutboxBudgetLimits {
  /** States that wait for the cloud. */
  readonly states: number;
  /** Their names and values as JSON, with a little for each, as they are on disk. */
  readonly bytes: number;
}

/** Beside name and value: what the storage adds. */
const overheadBytes = 64;

/** What one state takes of the budget. */
export function stateBytes(key: string, text: string): number {
  return Buffer.byteLength(key) + Buffer.byteLength(text) + overheadBytes;
}

/** A key, and what its newest state takes. */
export interface Held {
  /** 0: it has no state. */
  held: number;
}

/** What waits in the outbox, against what it may take. */
export class OutboxBudget {
  readonly #limits: OutboxBudgetLimits;
  #states = 0;
  #bytes = 0;

  constructor(limits: OutboxBudgetLimits) {
    this.#limits = limits;
  }

  get states(): number {
    return this.#states;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Whether a key may take so many bytes: what is not more than it has already always may. */
  mayHold({ held }: Held, bytes: number): boolean {
    if (bytes <= held) return true;
    const states = this.#states + (held === 0 ? 1 : 0);
    return states <= this.#limits.states && this.#bytes - held + bytes <= this.#limits.bytes;
  }

  hold(key: Held, bytes: number): void {
    this.#states += (bytes === 0 ? 0 : 1) - (key.held === 0 ? 0 : 1);
    this.#bytes += bytes - key.held;
    key.held = bytes;
  }

  release(key: Held): void {
    this.hold(key, 0);
  }
}
