import type { Clock, Logger, Random, ReportOrder, UplinkReceiver } from "@skerry/contracts";
import { errorCode, errorFamily, errorMessage } from "@skerry/plugin";
import { Backoff } from "../backoff.ts";
import type { State } from "../wire/frames.ts";
import { finalFamilies } from "./final-families.ts";
import { KeyedQueue } from "./keyed-queue.ts";

/** A state that a session received and must answer. */
export interface Intake {
  readonly node: string;
  readonly state: State;
  readonly order?: ReportOrder;
  /** The session is still there: nothing is done for one that ended, the edge sends again. */
  isOpen(): boolean;
  acknowledge(sequence: number): void;
  refuse(sequence: number, code: string, message: string): void;
}

/** Receivers at work, in all and for one node. */
const atOnce = { all: 64, perGroup: 32 };
const retry = { firstMs: 250, longestMs: 2_000 };

/**
 * Hands the states of all sessions to their receivers: one of a key at a time, also across the sessions
 * of a node, so that an old session's write never follows a newer one's. Acknowledges when the receiver
 * is done; refuses what it will never take; tries again, with back-off, what failed otherwise.
 */
export class StateIntake {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #log: Logger;
  #receivers: ReadonlyMap<string, UplinkReceiver> = new Map();
  readonly #backoffs = new WeakMap<Intake, Backoff>();
  readonly #queue = new KeyedQueue<Intake>(atOnce, (intake) => this.#take(intake));

  constructor(clock: Clock, random: Random, log: Logger) {
    this.#clock = clock;
    this.#random = random;
    this.#log = log;
  }

  /** @param receivers by uplink type */
  serve(receivers: ReadonlyMap<string, UplinkReceiver>): void {
    this.#receivers = receivers;
  }

  push(intake: Intake): void {
    const { type, name } = intake.state.key;
    this.#queue.push(intake.node, `${type}/${name}`, intake);
  }

  /** Forgets what a session of a node left waiting. */
  forget(node: string, isOpen: Intake["isOpen"]): void {
    this.#queue.clear(node, (intake) => intake.isOpen === isOpen);
  }

  /** Resolves when no receiver is at work any more: what they write must not follow what the next session brings. */
  drained(): Promise<void> {
    return this.#queue.drained();
  }

  async #take(intake: Intake): Promise<void> {
    if (!intake.isOpen()) return;
    const { node, state, order } = intake;
    const { type, name } = state.key;
    const receiver = this.#receivers.get(type);
    if (!receiver) {
      return intake.refuse(state.sequence, "SKERRY_LINK_NO_RECEIVER", `the cloud has no receiver for "${type}"`);
    }
    try {
      await receiver.receive({ node, name, value: state.value, ...(order && { order }) });
      this.#backoffs.delete(intake);
      intake.acknowledge(state.sequence);
    } catch (error) {
      if (finalFamilies.has(errorFamily(error))) {
        this.#log.warn("a state was refused", { node, type, name, error });
        return intake.refuse(state.sequence, errorCode(error) ?? "SKERRY_LINK_REFUSED", errorMessage(error));
      }
      this.#again(intake, error);
    }
  }

  /** The session sends nothing newer of this key before it is answered, so trying later keeps the order. */
  #again(intake: Intake, error: unknown): void {
    const { node, state } = intake;
    const backoff = this.#backoffs.get(intake) ?? new Backoff(this.#random, retry);
    this.#backoffs.set(intake, backoff);
    const ms = Math.round(backoff.next());
    this.#log.warn("a state was not taken; it is tried again", { node, ...state.key, ms, error });
    this.#clock.after(ms, () => {
      if (intake.isOpen()) this.push(intake);
    });
  }
}
