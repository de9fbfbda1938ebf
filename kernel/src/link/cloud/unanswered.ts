import { budgets } from "../budgets.ts";
import type { State } from "../frames.ts";

/**
 * The states of one session that wait for an answer. An edge has one of a key on its way, and not too many
 * in all; one that sends more would make the cloud its memory.
 */
export class Unanswered {
  readonly #states = new Map<number, { readonly key: string; readonly bytes: number }>();
  readonly #keys = new Set<string>();
  #bytes = 0;

  /** Takes a state in, unless it breaks the rules: then says which. */
  add({ sequence, key: { type, name } }: State, bytes: number): string | undefined {
    const key = `${type}/${name}`;
    if (this.#keys.has(key) || this.#states.has(sequence))
      return `a second state of ${key} before the first was answered`;
    if (this.#states.size >= budgets.statesUnanswered) return `more than ${budgets.statesUnanswered} unanswered states`;
    if (this.#bytes + bytes > budgets.bytesUnanswered) return `more than ${budgets.bytesUnanswered} unanswered bytes`;
    this.#states.set(sequence, { key, bytes });
    this.#keys.add(key);
    this.#bytes += bytes;
    return undefined;
  }

  answered(sequence: number): void {
    const state = this.#states.get(sequence);
    if (!state) return;
    this.#states.delete(sequence);
    this.#keys.delete(state.key);
    this.#bytes -= state.bytes;
  }
}
