import type { Cost } from "../lanes/framed-connection.ts";
import { budgets } from "../wire/budgets.ts";
import type { State } from "../wire/frames.ts";

/**
 * The states of one session that wait for an answer. An edge has one of a key on its way, and not too many
 * in all; one that sends more would make the cloud its memory. Their bytes are held by the lane's credit.
 */
export class Unanswered {
  readonly #states = new Map<number, { readonly key: string; readonly cost: Cost }>();
  readonly #keys = new Set<string>();

  /** Takes a state in, unless it breaks the rules: then says which. */
  add({ sequence, key: { type, name } }: State, cost: Cost): string | undefined {
    const key = `${type}/${name}`;
    if (this.#keys.has(key) || this.#states.has(sequence))
      return `a second state of ${key} before the first was answered`;
    if (this.#states.size >= budgets.statesUnanswered) return `more than ${budgets.statesUnanswered} unanswered states`;
    this.#states.set(sequence, { key, cost });
    this.#keys.add(key);
    return undefined;
  }

  /** @returns what its frame took of the credit */
  answered(sequence: number): Cost | undefined {
    const state = this.#states.get(sequence);
    if (!state) return undefined;
    this.#states.delete(sequence);
    this.#keys.delete(state.key);
    return state.cost;
  }
}
