import type { Connection, Listener, Peer } from "@skerry/contracts";
import { errors } from "./errors.ts";
import { LoopbackConnection } from "./loopback-connection.ts";

interface Listening {
  readonly self: Peer;
  readonly accept: (connection: Connection) => void;
  readonly accepted: Set<LoopbackConnection>;
}

type Pair = readonly [LoopbackConnection, LoopbackConnection];

const hubs = new Map<string, LoopbackHub>();

/**
 * Where the kernels of one process meet. It stands for the network, so a test can break it: hold back
 * everything (a half-open or slow network), or cut every connection.
 */
export class LoopbackHub {
  readonly #name: string;
  readonly #holds = new Set<object>();
  readonly #pairs = new Set<Pair>();
  #waiting: (() => void)[] = [];
  #listening: Listening | undefined;
  #dialled = 0;

  constructor(name = "default") {
    this.#name = name;
  }

  /** The hub that all who say this name share. */
  static named(name: string): LoopbackHub {
    const existing = hubs.get(name);
    if (existing) return existing;
    const made = new LoopbackHub(name);
    hubs.set(name, made);
    return made;
  }

  /** How often somebody tried to connect. */
  get dialled(): number {
    return this.#dialled;
  }

  /** Nothing is delivered, closes included, and nobody gets through, until the function returned is called. Holds add up. */
  hold(): () => void {
    const hold = {};
    this.#holds.add(hold);
    return () => {
      if (!this.#holds.delete(hold) || this.#isHeld()) return;
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const proceed of waiting) proceed();
      for (const pair of [...this.#pairs]) for (const end of pair) end.resume();
    };
  }

  /** Both ends of every connection see it lost; what was on its way is gone. */
  cut(): void {
    for (const pair of [...this.#pairs]) for (const end of pair) end.destroy();
  }

  /** Dials as this peer. @throws SKERRY_TRANSPORT_UNREACHABLE, or the abort reason */
  async connect(self: Peer, signal: AbortSignal): Promise<Connection> {
    this.#dialled += 1;
    signal.throwIfAborted();
    await this.#passable(signal);
    const listening = this.#listening;
    if (!listening) throw errors.create("SKERRY_TRANSPORT_UNREACHABLE", { hub: this.#name });
    const pair = LoopbackConnection.pair([self, listening.self], this.#isHeld, (end) => {
      listening.accepted.delete(end);
      if (pair.every(({ isClosed }) => isClosed)) this.#pairs.delete(pair);
    });
    this.#pairs.add(pair);
    listening.accepted.add(pair[1]);
    listening.accept(pair[1]);
    return pair[0];
  }

  /** Listens as this peer. @throws SKERRY_TRANSPORT_ADDRESS_IN_USE */
  listen(self: Peer, accept: (connection: Connection) => void): Listener {
    if (this.#listening) throw errors.create("SKERRY_TRANSPORT_ADDRESS_IN_USE", { hub: this.#name });
    const listening: Listening = { self, accept, accepted: new Set() };
    this.#listening = listening;
    return {
      address: `loopback:${this.#name}`,
      close: async () => {
        if (this.#listening === listening) this.#listening = undefined;
        for (const end of [...listening.accepted]) end.close(1001, "the listener is closed");
      },
    };
  }

  readonly #isHeld = () => this.#holds.size > 0;

  #passable(signal: AbortSignal): Promise<void> {
    if (!this.#isHeld()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiting.push(resolve);
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  }
}
