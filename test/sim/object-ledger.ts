import type { KubeObject } from "@skerry/contracts";
import type { Story } from "./story.ts";

interface Seen {
  /** The newest revision this node was seen to hold, or to have held. */
  readonly revision: number;
  readonly isHeld: boolean;
}

/** Revision of an object of the simulation; of one name they rise, over deletions too. */
export function revisionOf(object: KubeObject): number {
  return Number((object["data"] as { readonly revision?: string } | undefined)?.revision);
}

/** What each node was seen to hold: it goes forward only, over crashes too. */
export class ObjectLedger {
  readonly #story: Story;
  readonly #made = new Map<string, number>();
  readonly #seen = new Map<string, Seen>();
  /** By node and name: the last revision of anything at which this did not concern the node. */
  readonly #unwanted = new Map<string, number>();
  #revisions = 0;
  #applied = 0;

  constructor(story: Story) {
    this.#story = story;
  }

  /** Changes that became durable at nodes. */
  get acknowledgements(): number {
    return this.#applied;
  }

  next(name: string): number {
    this.#revisions += 1;
    this.#made.set(name, this.#revisions);
    return this.#revisions;
  }

  /** As the cluster is now, this does not concern the node. */
  unwanted(node: string, name: string): void {
    this.#unwanted.set(`${node} ${name}`, this.#revisions);
  }

  /** A node's replica tells of a change, after it is on disk. */
  changed(node: string, name: string, object: KubeObject | undefined): void {
    this.#applied += 1;
    this.#look(node, name, object);
  }

  /** What a node holds after it started, by name. */
  started(node: string, held: ReadonlyMap<string, KubeObject>): void {
    for (const [key, { revision, isHeld }] of [...this.#seen]) {
      const [owner = "", name = ""] = key.split(" ");
      if (owner !== node || !isHeld || held.has(name)) continue;
      // A removal may have become durable in the moment of the crash, and nobody was told; if there was none, it is lost.
      if ((this.#unwanted.get(key) ?? 0) < revision)
        this.#story.flaw("lost", `${node} held ${name} at ${revision}, and does not after its start`);
      this.#seen.set(key, { revision, isHeld: false });
    }
    for (const [name, object] of held) this.#look(node, name, object, true);
  }

  #look(node: string, name: string, object: KubeObject | undefined, isStart = false): void {
    const key = `${node} ${name}`;
    const before = this.#seen.get(key) ?? { revision: 0, isHeld: false };
    if (!object) return void this.#seen.set(key, { revision: before.revision, isHeld: false });
    const revision = revisionOf(object);
    if (!(revision <= (this.#made.get(name) ?? 0)))
      this.#story.flaw("phantom", `${node} holds ${name} at ${revision}, which was never made`);
    if (revision < before.revision) {
      const kind = isStart ? "lost" : "reordered";
      this.#story.flaw(kind, `${node} holds ${name} at ${revision}, after ${before.revision}`);
    }
    this.#seen.set(key, { revision: Math.max(revision, before.revision), isHeld: true });
  }
}
