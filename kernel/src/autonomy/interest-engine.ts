import { type KubeObject, type ObjectRef, type ReplicaInterest, refKey, refOf } from "@skerry/contracts";
import { canonicalJson } from "./canonical-json.ts";
import { type Digest, textDigest } from "./digest.ts";
import { ReferenceGraph } from "./reference-graph.ts";

export interface HeldObject {
  readonly object: KubeObject;
  readonly digest: Digest;
}

/** Told that what a node should hold under a key may have changed. */
export type NodeChange = (node: string, key: string) => void;

export interface ObjectLimit {
  readonly bytes: number;
  /** Told of each version of an object that is larger: no node holds it, until a smaller version comes. */
  exceeded(key: string, bytes: number): void;
}

/**
 * What each node should hold, from the objects of the cluster and what the interests say about them.
 * Keeps an object once, however many nodes hold it; works on whatever it is fed and does no I/O.
 */
export class InterestEngine {
  readonly #graph = new ReferenceGraph();
  readonly #objects = new Map<string, HeldObject>();
  readonly #changed: NodeChange;
  readonly #limit: ObjectLimit;

  constructor(changed: NodeChange, limit: ObjectLimit) {
    this.#changed = changed;
    this.#limit = limit;
  }

  upsert(object: KubeObject, interest: ReplicaInterest): void {
    const key = refKey(refOf(object));
    const projected = withoutBookkeeping(interest.project?.(object) ?? object);
    const isNew = this.#keep(key, projected);
    const { nodes, references } = interest.route(object);
    const changes = this.#graph.set(key, { nodes, references: references.map(refKey) });
    const told = new Set(changes.map(({ key: changed, node }) => `${node} ${changed}`));
    for (const { node, key: changed } of changes) this.#changed(node, changed);
    if (!isNew) return;
    for (const node of this.#graph.holders(key)) if (!told.has(`${node} ${key}`)) this.#changed(node, key);
  }

  remove(ref: ObjectRef): void {
    const key = refKey(ref);
    const holders = this.#objects.delete(key) ? this.#graph.holders(key) : [];
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

  /** Whether something else is now held under the key. */
  #keep(key: string, object: KubeObject): boolean {
    const text = canonicalJson(object);
    const bytes = Buffer.byteLength(text);
    if (bytes > this.#limit.bytes) {
      this.#limit.exceeded(key, bytes);
      return this.#objects.delete(key);
    }
    const digest = textDigest(text);
    if (this.#objects.get(key)?.digest === digest) return false;
    this.#objects.set(key, { object, digest });
    return true;
  }
}

/** What changes with every write, also with those an edge does not care for, must not make it travel. */
function withoutBookkeeping(object: KubeObject): KubeObject {
  const { managedFields: _, resourceVersion: __, ...metadata } = object.metadata;
  return { ...object, metadata };
}
