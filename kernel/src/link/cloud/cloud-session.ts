import type { Clock, Connection, NodeSession, Timer } from "@skerry/contracts";
import { rootDigest } from "../../autonomy/digest.ts";
import type { InterestEngine } from "../../autonomy/interest-engine.ts";
import { budgets } from "../budgets.ts";
import { FramedConnection } from "../framed-connection.ts";
import { closeCodes, type Digests, type Frame, type Hello, type State, wireVersions } from "../frames.ts";
import { ReplicaFeed } from "./replica-feed.ts";
import type { StateIntake } from "./state-intake.ts";
import { Unanswered } from "./unanswered.ts";

export interface CloudSessionParts {
  readonly clock: Clock;
  readonly engine: InterestEngine;
  readonly intake: StateIntake;
  readonly heartbeatMs: number;
}

export interface CloudSessionEvents {
  /** The node proved who it is. */
  accepted(session: CloudSession): void;
  ended(session: CloudSession, reason: string): void;
}

/** What the node says it holds, as far as it has come. */
interface HeldDigests {
  readonly byKey: Map<string, string>;
  keyBytes: number;
}

/** Prefix of a node's identity, as Kubernetes' node authorizer has it. */
const nodeIdentity = "system:node:";

/** One connection of an edge node, from the cloud's side. */
export class CloudSession {
  readonly #parts: CloudSessionParts;
  readonly #events: CloudSessionEvents;
  readonly #connection: FramedConnection;
  readonly #isOpen = () => this.#connection.isOpen;
  #node: NodeSession | undefined;
  #feed: ReplicaFeed | undefined;
  readonly #unanswered = new Unanswered();
  readonly #helloDeadline: Timer;
  #digests: HeldDigests | undefined;
  #acknowledgements: number[] = [];

  constructor(connection: Connection, parts: CloudSessionParts, events: CloudSessionEvents) {
    this.#parts = parts;
    this.#events = events;
    this.#connection = new FramedConnection(connection, parts.clock, parts.heartbeatMs, {
      frame: (frame, bytes) => this.#received(frame, bytes),
      closed: (code, reason) => this.#closed(code, reason),
    });
    this.#helloDeadline = parts.clock.after(2 * parts.heartbeatMs, () => {
      this.close(closeCodes.silent, "no hello within two heartbeats");
    });
  }

  /** Known once accepted. */
  get node(): NodeSession | undefined {
    return this.#node;
  }

  close(code: number, reason: string): void {
    this.#connection.close(code, reason);
  }

  /** What this node should hold under a key may have changed. */
  changed(key: string): void {
    this.#feed?.changed(key);
  }

  #received(frame: Frame, bytes: number): void {
    if (frame.type === "hello") return this.#hello(frame);
    const node = this.#node;
    if (!node) return this.close(closeCodes.malformed, `a ${frame.type} frame before the hello`);
    if (frame.type === "digests") return this.#collect(frame);
    if (frame.type === "state") return this.#state(frame, bytes, node.node);
    this.close(closeCodes.malformed, `an edge sent a ${frame.type} frame`);
  }

  #state(state: State, bytes: number, node: string): void {
    const problem = this.#unanswered.add(state, bytes);
    if (problem !== undefined) return this.close(closeCodes.malformed, problem);
    this.#parts.intake.push({
      node,
      state,
      isOpen: this.#isOpen,
      acknowledge: (sequence) => this.#acknowledge(sequence),
      refuse: (sequence, code, message) => this.#refuse(sequence, code, message),
    });
  }

  #hello({ versions, node, root }: Hello): void {
    if (this.#node) return this.close(closeCodes.malformed, "a second hello");
    const { identity, address } = this.#connection.peer;
    if (identity !== `${nodeIdentity}${node}`) {
      return this.close(closeCodes.identity, `${identity} may not speak for node ${node}`);
    }
    const version = wireVersions.findLast((known) => versions.includes(known));
    if (version === undefined) {
      return this.close(closeCodes.version, `wire versions ${versions} are not spoken here, only ${wireVersions}`);
    }
    this.#helloDeadline[Symbol.dispose]();
    const { clock, engine, heartbeatMs } = this.#parts;
    this.#node = { node, address, since: clock.now() };
    this.#feed = new ReplicaFeed(engine, this.#connection, node, clock);
    const resync = rootDigest(engine.digests(node)) !== root;
    this.#connection.send({ type: "welcome", version, heartbeatMs, resync });
    this.#events.accepted(this);
    if (resync) this.#digests = { byKey: new Map(), keyBytes: 0 };
    else this.#feed.beginEqual();
  }

  #collect({ entries, isLast }: Digests): void {
    const digests = this.#digests;
    if (!digests) return this.close(closeCodes.malformed, "digests that were not asked for");
    for (const [key, digest] of entries) {
      digests.byKey.set(key, digest);
      digests.keyBytes += Buffer.byteLength(key);
    }
    if (digests.byKey.size > budgets.digestsPerNode || digests.keyBytes > budgets.digestKeyBytesPerNode) {
      return this.close(closeCodes.malformed, "too many digests");
    }
    if (!isLast) return;
    this.#digests = undefined;
    this.#feed?.beginWith(digests.byKey);
  }

  #refuse(sequence: number, code: string, message: string): void {
    this.#unanswered.answered(sequence);
    const [shortCode, shortMessage] = [code.slice(0, 100), message.slice(0, budgets.refusalCharacters)];
    this.#connection.send({ type: "refuse", sequence, code: shortCode, message: shortMessage });
  }

  /** Those of one turn of the event loop travel together. */
  #acknowledge(sequence: number): void {
    this.#unanswered.answered(sequence);
    if (this.#acknowledgements.push(sequence) > 1) return;
    queueMicrotask(() => {
      const all = this.#acknowledgements;
      this.#acknowledgements = [];
      for (let start = 0; start < all.length; start += budgets.acknowledgementsPerFrame) {
        const sequences = all.slice(start, start + budgets.acknowledgementsPerFrame);
        this.#connection.send({ type: "acknowledge", sequences });
      }
    });
  }

  #closed(code: number, reason: string): void {
    this.#helloDeadline[Symbol.dispose]();
    this.#feed?.[Symbol.dispose]();
    this.#parts.intake.forget(this.#isOpen);
    this.#events.ended(this, `${reason || "the connection was lost"} (${code})`);
  }
}
