import type { FeedRest } from "./replica-feed.ts";

export interface FeedMemoryLimits {
  /** Feeds that are remembered; the one that ended longest ago goes first. */
  readonly feeds: number;
  /** Keys of one; with more, comparing costs no more than going on. */
  readonly keysPerFeed: number;
}

interface Remembered {
  readonly feed: string;
  readonly rest: FeedRest;
}

/**
 * What the nodes that are away held when they left, and what has changed for them since: keys only. A node that comes
 * back to this process is sent just that; to every other process it is as if it were never seen, and a comparison of
 * digests tells.
 */
export class FeedMemory {
  readonly #limits: FeedMemoryLimits;
  readonly #byNode = new Map<string, Remembered>();

  constructor(limits: FeedMemoryLimits) {
    this.#limits = limits;
  }

  keep(node: string, feed: string, rest: FeedRest): void {
    this.#byNode.delete(node);
    if (rest.dirty.size + rest.unconfirmed.length > this.#limits.keysPerFeed) return;
    this.#byNode.set(node, { feed, rest });
    const [oldest] = this.#byNode.keys();
    if (this.#byNode.size > this.#limits.feeds && oldest !== undefined) this.#byNode.delete(oldest);
  }

  /** What this node should hold under a key may have changed. */
  changed(node: string, key: string): void {
    const remembered = this.#byNode.get(node);
    if (!remembered) return;
    remembered.rest.dirty.add(key);
    if (remembered.rest.dirty.size > this.#limits.keysPerFeed) this.#byNode.delete(node);
  }

  /**
   * The keys that a node may hold differently than it should, if it has followed a feed as far as it says.
   * `undefined`: that is not known here, and the node is to be asked. Either way the node is forgotten: it has a new feed.
   */
  take(node: string, feed: string, sequence: number): ReadonlySet<string> | undefined {
    const remembered = this.#byNode.get(node);
    this.#byNode.delete(node);
    if (remembered?.feed !== feed) return undefined;
    const { dirty, unconfirmed } = remembered.rest;
    const unseen = unconfirmed.filter((sent) => sent.sequence > sequence).map(({ key }) => key);
    return new Set([...dirty, ...unseen]);
  }
}
