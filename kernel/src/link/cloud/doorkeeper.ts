import type { Clock, Logger, Peer, PeerGuard } from "@skerry/contracts";
import { closeCodes } from "../wire/close-codes.ts";
import { tryAgainReason } from "../wire/try-again.ts";

export interface Visitor {
  readonly peer: Peer;
  /** Ends the connection, or the session that it became. */
  refuse(code: number, reason: string): void;
}

/** A guard that has not answered by then cannot tell. */
const answerWithinMs = 5_000;
const comeAgainMs = 2_000;

/**
 * Lets in whom no guard refuses, and looks again at those who are in when the answer may have changed. Whom a guard
 * cannot tell about is not let in.
 */
export class Doorkeeper implements Disposable {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #inside = new Set<Visitor>();
  #guards: readonly PeerGuard[] = [];
  #watches: readonly Disposable[] = [];

  constructor(clock: Clock, log: Logger) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Called once, before anybody comes. */
  place(guards: readonly PeerGuard[]): void {
    this.#guards = guards;
    this.#watches = guards.map((guard) => guard.watch((identity) => this.#lookAgain(identity)));
  }

  enter(visitor: Visitor, admitted: () => void): void {
    this.#inside.add(visitor);
    if (this.#guards.length === 0) return admitted();
    void this.#ask(visitor).then((isWelcome) => {
      if (isWelcome) admitted();
    });
  }

  leave(visitor: Visitor): void {
    this.#inside.delete(visitor);
  }

  [Symbol.dispose](): void {
    for (const watch of this.#watches) watch[Symbol.dispose]();
  }

  #lookAgain(identity: string): void {
    for (const visitor of this.#inside) if (visitor.peer.identity === identity) void this.#ask(visitor);
  }

  /** Refuses who is not welcome. */
  async #ask(visitor: Visitor): Promise<boolean> {
    const { identity, address } = visitor.peer;
    try {
      const reason = await this.#refusal(visitor.peer);
      if (!this.#inside.has(visitor)) return false;
      if (reason === undefined) return true;
      this.#log.info("refused a node", { identity, address, reason });
      this.#refuse(visitor, closeCodes.identity, reason);
    } catch (error) {
      this.#log.warn("cannot tell whether a node may come in; it is to come again", { identity, address, error });
      this.#refuse(visitor, closeCodes.tryAgainLater, tryAgainReason(comeAgainMs));
    }
    return false;
  }

  #refuse(visitor: Visitor, code: number, reason: string): void {
    this.#inside.delete(visitor);
    visitor.refuse(code, reason);
  }

  async #refusal(peer: Peer): Promise<string | undefined> {
    const late = new AbortController();
    const deadline = this.#clock.sleep(answerWithinMs, late.signal).then(() => {
      throw new Error(`no answer within ${answerWithinMs} ms`);
    });
    try {
      const answers = Promise.all(this.#guards.map((guard) => guard.refusal(peer)));
      return (await Promise.race([answers, deadline])).find((reason) => reason !== undefined);
    } finally {
      late.abort();
      deadline.catch(() => undefined);
    }
  }
}
