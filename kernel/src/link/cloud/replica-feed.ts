import type { Digest } from "../../autonomy/digest.ts";
import { rootDigest } from "../../autonomy/digest.ts";
import type { InterestEngine } from "../../autonomy/interest-engine.ts";
import type { FramedConnection } from "../lanes/framed-connection.ts";
import { lanes } from "../wire/lanes.ts";

interface Sent {
  readonly sequence: number;
  readonly key: string;
}

/** What a feed leaves behind: enough to go on with it in a later session. */
export interface FeedRest {
  /** Keys that the node may hold differently than it should. */
  readonly dirty: Set<string>;
  /** What was sent and of which the node has not said that it is on disk. */
  readonly unconfirmed: readonly Sent[];
  readonly confirmed: number;
}

/**
 * Keeps one node's replica in step: knows which keys may differ, and sends what each is now. However slow
 * the node, what waits is a set of keys, never objects.
 */
export class ReplicaFeed implements Disposable {
  readonly #engine: InterestEngine;
  readonly #connection: FramedConnection;
  readonly #node: string;
  readonly #dirty = new Set<string>();
  #unconfirmed: Sent[] = [];
  #sequence = 0;
  #confirmed = 0;
  #begun = false;
  #owesSynced = false;

  constructor(engine: InterestEngine, connection: FramedConnection, node: string) {
    this.#engine = engine;
    this.#connection = connection;
    this.#node = node;
    connection.sender.whenIdle(lanes.state, () => this.#pump());
  }

  /** What this node should hold under a key may have changed. */
  changed(key: string): void {
    this.#dirty.add(key);
    this.#pump();
  }

  /** What the node holds is compared from now on: that finds what has changed so far. */
  compares(): void {
    if (!this.#begun) this.#dirty.clear();
  }

  /** The node holds what it should but for these keys. */
  begin(dirty: Iterable<string>): void {
    for (const key of dirty) this.#dirty.add(key);
    this.#begun = true;
    this.#owesSynced = true;
    this.#pump();
  }

  /** Among these, sends what differs from what the node says it holds. */
  beginWith(wanted: ReadonlyMap<string, Digest>, held: ReadonlyMap<string, Digest>): void {
    const differs = [...wanted].filter(([key, digest]) => held.get(key) !== digest).map(([key]) => key);
    const tooMany = [...held.keys()].filter((key) => !wanted.has(key));
    this.begin([...differs, ...tooMany]);
  }

  /** The node has everything up to this on disk. A text says what is wrong with that. */
  confirm(sequence: number): string | undefined {
    if (sequence > this.#sequence || sequence < this.#confirmed) {
      return `${sequence} applied, after ${this.#confirmed} of ${this.#sequence}`;
    }
    this.#confirmed = sequence;
    const next = this.#unconfirmed.findIndex((sent) => sent.sequence > sequence);
    this.#unconfirmed = next < 0 ? [] : this.#unconfirmed.slice(next);
    return undefined;
  }

  /** Nothing is sent any more. `undefined`: it never began, so nobody knows what the node holds. */
  rest(): FeedRest | undefined {
    return this.#begun
      ? { dirty: new Set(this.#dirty), unconfirmed: this.#unconfirmed, confirmed: this.#confirmed }
      : undefined;
  }

  [Symbol.dispose](): void {
    this.#begun = false;
    this.#dirty.clear();
  }

  #pump(): void {
    if (!this.#begun) return;
    for (const key of this.#dirty) {
      if (this.#connection.sender.waiting(lanes.state) > 0) return;
      this.#dirty.delete(key);
      this.#sequence += 1;
      this.#unconfirmed.push({ sequence: this.#sequence, key });
      const held = this.#engine.held(this.#node, key);
      this.#connection.send(held ? { type: "put", key, object: held.object } : { type: "remove", key });
    }
    if (!this.#owesSynced || this.#dirty.size > 0) return;
    this.#owesSynced = false;
    this.#connection.send({ type: "synced", root: rootDigest(this.#engine.digests(this.#node)) });
  }
}
