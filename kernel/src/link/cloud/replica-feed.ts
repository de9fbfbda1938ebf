import type { Clock, Timer } from "@skerry/contracts";
import type { InterestEngine } from "../../autonomy/interest-engine.ts";
import { budgets } from "../budgets.ts";
import type { FramedConnection } from "../framed-connection.ts";

const resumeAfterMs = 20;

/**
 * Keeps one node's replica in step: knows which keys may differ, and sends what each is now. However slow
 * the node, what waits is a set of keys, never objects.
 */
export class ReplicaFeed implements Disposable {
  readonly #engine: InterestEngine;
  readonly #connection: FramedConnection;
  readonly #node: string;
  readonly #clock: Clock;
  readonly #dirty = new Set<string>();
  #begun = false;
  #owesSynced = false;
  #timer: Timer | undefined;

  constructor(engine: InterestEngine, connection: FramedConnection, node: string, clock: Clock) {
    this.#engine = engine;
    this.#connection = connection;
    this.#node = node;
    this.#clock = clock;
  }

  /** What this node should hold under a key may have changed. */
  changed(key: string): void {
    this.#dirty.add(key);
    if (this.#begun) this.#pump();
  }

  /** The node holds what it should: only later changes are sent. */
  beginEqual(): void {
    this.#begin();
  }

  /** Sends what differs from what the node says it holds. */
  beginWith(held: ReadonlyMap<string, string>): void {
    const wanted = this.#engine.digests(this.#node);
    for (const [key, digest] of wanted) if (held.get(key) !== digest) this.#dirty.add(key);
    for (const key of held.keys()) if (!wanted.has(key)) this.#dirty.add(key);
    this.#begin();
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#dirty.clear();
  }

  #begin(): void {
    this.#begun = true;
    this.#owesSynced = true;
    this.#pump();
  }

  #pump(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    for (const key of this.#dirty) {
      if (this.#connection.buffered > budgets.bufferedBytes) {
        this.#timer = this.#clock.after(resumeAfterMs, () => this.#pump());
        return;
      }
      this.#dirty.delete(key);
      const held = this.#engine.held(this.#node, key);
      this.#connection.send(held ? { type: "put", key, object: held.object } : { type: "remove", key });
    }
    if (this.#owesSynced) {
      this.#owesSynced = false;
      this.#connection.send({ type: "synced" });
    }
  }
}
