import type { Clock, Connection, Listener, Random, Transport } from "@skerry/contracts";
import { SkerryError } from "@skerry/plugin";
import { SimConnection } from "./sim-connection.ts";

interface Listening {
  readonly host: SimHost;
  readonly accept: (connection: Connection) => void;
}

const connectWithinMs = 2_000;

const unreachable = (reason: string) =>
  new SkerryError(
    "SKERRY_TRANSPORT_UNREACHABLE",
    { family: "unavailable", message: "cannot reach the cloud: {reason}", advice: "Wait: the link tries again." },
    { reason },
  );

/** One direction between two hosts. */
class Direction {
  readonly #clock: Clock;
  readonly #random: Random;
  delayMs = 1;
  #isBlocked = false;
  #held: (() => void)[] = [];
  #lastAt = 0;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  block(): void {
    this.#isBlocked = true;
  }

  open(): void {
    this.#isBlocked = false;
    for (const arrived of this.#held.splice(0)) this.carry(arrived);
  }

  carry(arrived: () => void): void {
    const now = this.#clock.monotonic();
    // Jitter never lets one overtake another: that is TCP's promise.
    const at = Math.max(this.#lastAt, now + this.delayMs * (1 + this.#random.next()));
    this.#lastAt = at;
    this.#clock.after(at - now, () => {
      if (this.#isBlocked || this.#held.length > 0) this.#held.push(arrived);
      else arrived();
    });
  }
}

/** A network of hosts on virtual time, whose ways can be slowed and blocked, each direction by itself. */
export class SimNetwork {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #ways = new Map<string, Direction>();
  readonly #listening: Listening[] = [];

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** A process on a host: when it dies, its connections do. */
  host(name: string, identity: string): SimHost {
    return new SimHost(this, name, identity);
  }

  way(from: string, to: string): Direction {
    const key = `${from} → ${to}`;
    const found = this.#ways.get(key) ?? new Direction(this.#clock, this.#random);
    this.#ways.set(key, found);
    return found;
  }

  /** Everything goes through again. */
  heal(): void {
    for (const way of this.#ways.values()) way.open();
  }

  listen(host: SimHost, accept: (connection: Connection) => void): Listener {
    const listening: Listening = { host, accept };
    this.#listening.push(listening);
    return {
      address: host.name,
      close: async () => this.forget(host),
    };
  }

  /** Nobody listens on this host any more. */
  forget(host: SimHost): void {
    const index = this.#listening.findIndex((listening) => listening.host === host);
    if (index >= 0) this.#listening.splice(index, 1);
  }

  /** Connects to any of those who listen, as through one address. */
  async connect(from: SimHost, signal: AbortSignal): Promise<Connection> {
    const target = this.#listening[Math.floor(this.#random.next() * this.#listening.length)];
    if (!target) {
      await this.#clock.sleep(1, signal);
      throw unreachable("nobody listens there");
    }
    const [there, back] = [this.way(from.name, target.host.name), this.way(target.host.name, from.name)];
    if (there.isBlocked || back.isBlocked) {
      await this.#clock.sleep(connectWithinMs, signal);
      throw unreachable("no answer");
    }
    await this.#clock.sleep(2 * (there.delayMs + back.delayMs), signal);
    if (target.host.isDead || from.isDead || !this.#listening.includes(target)) throw unreachable("connection reset");
    const near = new SimConnection({ identity: target.host.identity, address: target.host.name }, there);
    const far = new SimConnection({ identity: from.identity, address: from.name }, back);
    SimConnection.join(near, far);
    from.connections.add(near);
    target.host.connections.add(far);
    target.accept(far);
    return near;
  }
}

/** One process, from the network's side. */
export class SimHost implements Transport {
  readonly #network: SimNetwork;
  readonly name: string;
  readonly identity: string;
  readonly connections = new Set<SimConnection>();
  isDead = false;

  constructor(network: SimNetwork, name: string, identity: string) {
    this.#network = network;
    this.name = name;
    this.identity = identity;
  }

  async connect(signal: AbortSignal): Promise<Connection> {
    // A dead process does nothing more, whatever its code still tries.
    if (this.isDead) return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    return await this.#network.connect(this, signal);
  }

  async listen(accept: (connection: Connection) => void): Promise<Listener> {
    return this.#network.listen(this, (connection) => this.isDead || accept(connection));
  }

  /** The connections drop as when somebody pulls and plugs a cable: both ends hear of it. */
  cut(): void {
    for (const connection of this.connections) connection.destroy();
    this.connections.clear();
  }

  /** @param isHeard its peers see the connections end, as after a kill; not so after a power cut */
  die(isHeard: boolean): void {
    this.isDead = true;
    this.#network.forget(this);
    for (const connection of this.connections) connection.vanish(isHeard);
    this.connections.clear();
  }
}
