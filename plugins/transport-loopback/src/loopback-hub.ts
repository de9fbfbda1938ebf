import type { Connection, Listener, Peer } from "@skerry/contracts";
import { errors } from "./errors.ts";
import { LoopbackConnection, type LoopbackWire } from "./loopback-connection.ts";

interface Listening {
  readonly self: Peer;
  readonly accept: (connection: Connection) => void;
  readonly accepted: Set<LoopbackConnection>;
}

const hubs = new Map<string, LoopbackHub>();

/**
 * Where the kernels of one process meet. It stands for the network between them, so a test can break it:
 * partition it, cut what is connected, refuse what would connect.
 */
export class LoopbackHub implements LoopbackWire {
  /** While true, whoever connects is turned away. */
  refuse = false;
  readonly #listening = new Map<string, Listening>();
  readonly #ends = new Set<LoopbackConnection>();
  readonly #hanging = new Set<() => void>();
  #isPartitioned = false;

  /** The hub that all who say this name share. */
  static named(name: string): LoopbackHub {
    const existing = hubs.get(name);
    if (existing) return existing;
    const made = new LoopbackHub();
    hubs.set(name, made);
    return made;
  }

  get isPartitioned(): boolean {
    return this.#isPartitioned;
  }

  /** Ends of connections that have not closed; two a connection. */
  get openEnds(): number {
    return this.#ends.size;
  }

  /** From now on everything sent is lost, closes included, and connecting hangs. */
  partition(): void {
    this.#isPartitioned = true;
  }

  /** Carries again. Connections that lost something are dropped at both ends: what they promise is order without gaps. */
  heal(): void {
    this.#isPartitioned = false;
    for (const end of [...this.#ends]) if (end.hasLost) end.lost();
    for (const giveUp of [...this.#hanging]) giveUp();
  }

  /** Both ends of every connection see it lost; what was on its way is gone. */
  cut(): void {
    for (const end of [...this.#ends]) end.destroy();
  }

  /** Connects to whoever listens at this address. @throws SKERRY_TRANSPORT_UNREACHABLE, …_REFUSED, or the abort reason */
  async connect(self: Peer, address: string, signal: AbortSignal): Promise<Connection> {
    signal.throwIfAborted();
    if (this.#isPartitioned) await this.#hang(address, signal);
    // Nobody is connected before the caller can abort.
    await Promise.resolve();
    signal.throwIfAborted();
    if (this.refuse) throw errors.create("SKERRY_TRANSPORT_REFUSED", { address });
    const listening = this.#listening.get(address);
    if (!listening) throw errors.create("SKERRY_TRANSPORT_UNREACHABLE", { address, reason: "nobody listens" });
    const near = new LoopbackConnection(this, listening.self);
    const far = new LoopbackConnection(this, self);
    LoopbackConnection.join(near, far);
    this.#ends.add(near).add(far);
    listening.accepted.add(far);
    listening.accept(far);
    return near;
  }

  /** Listens as this peer at its address. @throws SKERRY_TRANSPORT_ADDRESS_IN_USE */
  listen(self: Peer, accept: (connection: Connection) => void): Listener {
    const { address } = self;
    if (this.#listening.has(address)) throw errors.create("SKERRY_TRANSPORT_ADDRESS_IN_USE", { address });
    const listening: Listening = { self, accept, accepted: new Set() };
    this.#listening.set(address, listening);
    return {
      address,
      close: async () => {
        if (this.#listening.get(address) === listening) this.#listening.delete(address);
        for (const end of listening.accepted) end.close(1001, "the listener is closing");
      },
    };
  }

  /** Called by the ends themselves. */
  ended(connection: LoopbackConnection): void {
    this.#ends.delete(connection);
    for (const { accepted } of this.#listening.values()) accepted.delete(connection);
  }

  /** A connection attempt into a partition is lost as well: it fails once the partition heals. */
  #hang(address: string, signal: AbortSignal): Promise<never> {
    return new Promise((_, reject) => {
      const settle = (error: unknown) => {
        this.#hanging.delete(giveUp);
        signal.removeEventListener("abort", aborted);
        reject(error);
      };
      const giveUp = () =>
        settle(errors.create("SKERRY_TRANSPORT_UNREACHABLE", { address, reason: "the hub was partitioned" }));
      const aborted = () => settle(signal.reason);
      this.#hanging.add(giveUp);
      signal.addEventListener("abort", aborted);
    });
  }
}
