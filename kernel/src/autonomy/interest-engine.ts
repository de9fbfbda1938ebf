import { type KubeObject, type ObjectRef, type ReplicaInterest, refKey, refOf } from "@skerry/contracts";
import { type Digest, objectDigest } from "./digest.ts";
import { ReferenceGraph } from "./reference-graph.ts";

export interface HeldObject {
  readonly object: KubeObject;
  readonly digest: Digest;
}

/** Told that what a node should hold under a key may have changed. */
export type NodeChange = (node: string, key: string) => void;

/**
 * What each node should hold, from the objects of the cluster and what the interests say about them.
 * Keeps an object once, however many nodes hold it; works on whatever it is fed and does no I/O.
 */
export class InterestEngine {
  readonly #graph = new ReferenceGraph();
  readonly #objects = new Map<string, HeldObject>();
  readonly #changed: NodeChange;

  constructor(changed: NodeChange) {
    this.#changed = changed;
  }

  upsert(object: KubeObject, interest: ReplicaInterest): void {
    const key = refKey(refOf(object));
    const projected = withoutBookkeeping(interest.project?.(object) ?? object);
    const digest = objectDigest(projected);
    const isNew = this.#objects.get(key)?.digest !== digest;
    if (isNew) this.#objects.set(key, { object: projected, digest });
    const { nodes, references } = interest.route(object);
    const changes = this.#graph.set(key, { nodes, references: references.map(refKey) });
    const told = new Set(changes.map(({ key: changed, node }) => `${node} ${changed}`));
    for (const { node, key: changed } of changes) this.#changed(node, changed);
    if (!isNew) return;
    for (const node of this.#graph.holders(key)) if (!told.has(`${node} ${key}`)) this.#changed(node, key);
  }

  remove(ref: ObjectRef): void {
    const key = refKey(ref);
    if (!this.#objects.delete(key)) return;
    const holders = this.#graph.holders(key);
    const changes = this.#graph.delete(key);
    for (const node of holders) this.#changed(node, key);
    for (const { node, key: changed } of changes) if (changed !== key) this.#changed(node, changed);
  }

  /** What this node should hold under this key now. */
  held(node: string, key: string): HeldObject | undefined {
    return this.#graph.holders(key).has(node) ? this.#objects.get(key) : undefined;
  }

  /** Digest of every object that this node should hold. */
  digests(node: string): ReadonlyMap<string, Digest> {
    const digests = new Map<string, Digest>();
    for (const key of this.#graph.holdings(node)) {
      const held = this.#objects.get(key);
      if (held) digests.set(key, held.digest);
    }
    return digests;
  }
}

/** What changes with every write, also with those an edge does not care for, must not make it travel. */
function withoutBookkeeping(object: KubeObject): KubeObject {
  const { managedFields: _, resourceVersion: __, ...metadata } = object.metadata;
  return { ...object, metadata };
}
