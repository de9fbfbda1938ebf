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
  /** By node, name and revision: the last revision of anything at which the object was so, and concerned the node. */
  readonly #wanted = new Map<string, number>();
  /** By node: the newest revision of anything that it was told of; what it is told later is never from before that. */
  readonly #views = new Map<string, number>();
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

  /** As the cluster is now, a node should hold these, by name, and none of the others. */
  concerns(node: string, names: readonly string[], wanted: ReadonlyMap<string, KubeObject>): void {
    for (const name of names) {
      const object = wanted.get(name);
      if (object) this.#wanted.set(`${node} ${name} ${revisionOf(object)}`, this.#revisions);
      else this.#unwanted.set(`${node} ${name}`, this.#revisions);
    }
  }

  /** A node's replica tells of a change, after it is on disk. */
  changed(node: string, name: string, object: KubeObject | undefined): void {
    this.#applied += 1;
    this.#judge(node, name, object);
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

  /** Whoever tells a node something sees the cluster at least as new as all who told it something before. */
  #judge(node: string, name: string, object: KubeObject | undefined): void {
    const view = this.#views.get(node) ?? 0;
    if (object) {
      const revision = revisionOf(object);
      const until = this.#wanted.get(`${node} ${name} ${revision}`) ?? 0;
      if (until < view)
        this.#story.flaw(
          "reordered",
          `${node} is told of ${name} at ${revision}, which was over at ${until}, after ${view}`,
        );
      return void this.#views.set(node, Math.max(view, revision));
    }
    const until = this.#unwanted.get(`${node} ${name}`) ?? 0;
    if (until < view)
      this.#story.flaw(
        "reordered",
        `${node} is told to let go of ${name}, which has concerned it since ${until}, after ${view}`,
      );
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
