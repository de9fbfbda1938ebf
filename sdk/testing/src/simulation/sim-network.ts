import type { Connection, Listener, Random, Transport } from "@skerry/contracts";
import { defineErrors } from "@skerry/plugin";
import type { SimClock } from "./sim-clock.ts";
import { SimConnection } from "./sim-connection.ts";
import { SimPipe } from "./sim-pipe.ts";
import { SimWay } from "./sim-way.ts";

const errors = defineErrors({
  SKERRY_TRANSPORT_UNREACHABLE: {
    family: "unavailable",
    message: "nobody answers at {address} of the simulated network: {reason}",
    advice: "Wait for the listener; the link tries again by itself.",
  },
  SKERRY_TRANSPORT_ADDRESS_IN_USE: {
    family: "settings",
    message: "somebody listens at {address} of the simulated network already",
    advice: "Close the other listener, or choose another host.",
  },
});

/** Milliseconds after which a connection attempt is given up. */
const connectWithinMs = 5_000;

interface Listening {
  readonly identity: string;
  readonly accept: (connection: Connection) => void;
  readonly accepted: Set<SimConnection>;
  readonly open: (connection: SimConnection) => void;
}

/** One process' access to the network. */
export interface SimHost extends Transport {
  /** The process died. @param isSilent with its machine: nobody resets its connections */
  kill(isSilent: boolean): void;
  /** Bytes that the network has not taken from this process. */
  readonly buffered: number;
}

export interface HostOptions {
  /** Name of the machine. */
  readonly name: string;
  readonly identity: string;
  /** The machine to dial, asked at each attempt. */
  readonly dials?: () => string;
}

/** A network on virtual time between named machines: each way has its own delay, width and fate. */
export class SimNetwork {
  readonly #clock: SimClock;
  readonly #random: Random;
  readonly #ways = new Map<string, SimWay>();
  readonly #listening = new Map<string, Listening>();
  /** Ends that are open, by the pair of machines. */
  readonly #ends = new Map<SimConnection, string>();

  constructor(clock: SimClock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Ends of connections that have not closed; two a connection. */
  get openEnds(): number {
    return this.#ends.size;
  }

  way(from: string, to: string): SimWay {
    const key = `${from} ${to}`;
    const way = this.#ways.get(key) ?? new SimWay(this.#clock);
    this.#ways.set(key, way);
    return way;
  }

  /** Both ends of every connection between two machines see it lost; what was on its way is gone. */
  reset(one: string, other: string): void {
    for (const [end, pair] of [...this.#ends]) if (pair === pairOf(one, other)) end.wasReset();
  }

  host(options: HostOptions): SimHost {
    const own = new Set<SimConnection>();
    let isDead = false;
    const open = (end: SimConnection) => own.add(end);
    return {
      get buffered() {
        return [...own].reduce((sum, end) => sum + end.buffered, 0);
      },
      connect: async (signal) => {
        const end = await this.#connect(options, () => isDead, signal);
        own.add(end);
        return end;
      },
      listen: async (accept) => this.#listen(options, (connection) => isDead || accept(connection), open),
      kill: (isSilent) => {
        isDead = true;
        if (this.#listening.get(options.name)?.open === open) this.#listening.delete(options.name);
        for (const end of own) end.die(isSilent);
      },
    };
  }

  #connect({ name, identity, dials }: HostOptions, isDead: () => boolean, signal: AbortSignal): Promise<SimConnection> {
    const address = dials?.() ?? "";
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      let isOver = false;
      const over = (settle: () => void) => {
        if (isOver) return;
        isOver = true;
        signal.removeEventListener("abort", aborted);
        timer[Symbol.dispose]();
        settle();
      };
      const fail = (reason: string) =>
        over(() => isDead() || reject(errors.create("SKERRY_TRANSPORT_UNREACHABLE", { address, reason })));
      const aborted = () => over(() => reject(signal.reason));
      const timer = this.#clock.after(connectWithinMs, () => fail("no answer"));
      signal.addEventListener("abort", aborted);
      const [there, back] = [this.way(name, address), this.way(address, name)];
      there.insist(() => {
        if (isOver || isDead()) return;
        const listening = this.#listening.get(address);
        if (!listening) return back.insist(() => fail("nobody listens"));
        const [near, far] = this.#pair({ name, identity }, { name: address, identity: listening.identity });
        listening.accepted.add(far);
        listening.open(far);
        listening.accept(far);
        back.insist(() => {
          if (isOver || isDead()) near.destroy();
          else over(() => resolve(near));
        });
      });
    });
  }

  #pair(near: HostOptions, far: HostOptions): readonly [SimConnection, SimConnection] {
    const closed = (end: SimConnection) => {
      this.#ends.delete(end);
      for (const { accepted } of this.#listening.values()) accepted.delete(end);
    };
    const end = (own: HostOptions, peer: HostOptions) =>
      new SimConnection(
        { identity: peer.identity, address: `sim:${peer.name}` },
        this.way(own.name, peer.name),
        closed,
      );
    const [one, two] = [end(near, far), end(far, near)];
    const pipe = (from: HostOptions, to: HostOptions, into: SimConnection) =>
      new SimPipe(this.#clock, this.#random, this.way(from.name, to.name), (parcel) => into.arrive(parcel));
    one.join(two, pipe(near, far, two));
    two.join(one, pipe(far, near, one));
    const pair = pairOf(near.name, far.name);
    this.#ends.set(one, pair).set(two, pair);
    return [one, two];
  }

  #listen({ name, identity }: HostOptions, accept: Listening["accept"], open: Listening["open"]): Listener {
    if (this.#listening.has(name)) throw errors.create("SKERRY_TRANSPORT_ADDRESS_IN_USE", { address: name });
    const listening: Listening = { identity, accept, open, accepted: new Set() };
    this.#listening.set(name, listening);
    return {
      address: name,
      close: async () => {
        if (this.#listening.get(name) === listening) this.#listening.delete(name);
        for (const end of listening.accepted) end.close(1001, "the listener is closing");
      },
    };
  }
}

function pairOf(one: string, other: string): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`;
}
