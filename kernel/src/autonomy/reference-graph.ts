/** Which nodes an object concerns by itself, and the keys of the objects it refers to. */
export interface GraphEntry {
  readonly nodes: readonly string[];
  readonly references: readonly string[];
}

/** A key that a node began or ceased to hold. */
export interface HoldingChange {
  readonly key: string;
  readonly node: string;
  readonly holds: boolean;
}

/**
 * Who holds what: a node holds the objects that concern it and, transitively, those they refer to; it
 * lets go with the last reference. References may point to objects that do not exist, and in circles.
 * Pure bookkeeping over keys.
 */
export class ReferenceGraph {
  readonly #entries = new Map<string, GraphEntry>();
  readonly #referrers = new Map<string, Set<string>>();
  readonly #holders = new Map<string, ReadonlySet<string>>();
  readonly #holdings = new Map<string, Set<string>>();

  /** The nodes that hold this key, whether or not its object exists. */
  holders(key: string): ReadonlySet<string> {
    return this.#holders.get(key) ?? none;
  }

  /** The keys this node holds. */
  holdings(node: string): ReadonlySet<string> {
    return this.#holdings.get(node) ?? none;
  }

  /** An object appeared or changed. Gives what follows for holdings, in the order in which nodes should be told. */
  set(key: string, entry: GraphEntry): readonly HoldingChange[] {
    const before = this.#entries.get(key);
    for (const reference of before?.references ?? []) this.#referrers.get(reference)?.delete(key);
    for (const reference of entry.references) mapOf(this.#referrers, reference).add(key);
    this.#entries.set(key, entry);
    return this.#recompute([key, ...(before?.references ?? [])]);
  }

  /** An object disappeared. */
  delete(key: string): readonly HoldingChange[] {
    const before = this.#entries.get(key);
    if (!before) return [];
    for (const reference of before.references) this.#referrers.get(reference)?.delete(key);
    this.#entries.delete(key);
    return this.#recompute([key, ...before.references]);
  }

  /** Holders of these keys and of everything they lead to. */
  #recompute(roots: readonly string[]): readonly HoldingChange[] {
    const gained: HoldingChange[] = [];
    const lost: HoldingChange[] = [];
    for (const key of this.#reachable(roots, (from) => this.#entries.get(from)?.references ?? [])) {
      const before = this.holders(key);
      const after = this.#concerned(key);
      for (const node of after) if (!before.has(node)) gained.push({ key, node, holds: true });
      for (const node of before) if (!after.has(node)) lost.push({ key, node, holds: false });
      if (after.size > 0) this.#holders.set(key, after);
      else this.#holders.delete(key);
      if (this.#referrers.get(key)?.size === 0) this.#referrers.delete(key);
    }
    // What is referred to comes before and goes after what refers to it: a node seldom finds a reference empty.
    const changes = [...gained.reverse(), ...lost];
    for (const { key, node, holds } of changes) {
      const held = mapOf(this.#holdings, node);
      if (holds) held.add(key);
      else held.delete(key);
      if (held.size === 0) this.#holdings.delete(node);
    }
    return changes;
  }

  /** The nodes that an object concerns by itself or through any that refer to it. */
  #concerned(key: string): ReadonlySet<string> {
    const nodes = new Set<string>();
    for (const ancestor of this.#reachable([key], (from) => [...(this.#referrers.get(from) ?? [])])) {
      for (const node of this.#entries.get(ancestor)?.nodes ?? []) nodes.add(node);
    }
    return nodes;
  }

  #reachable(roots: readonly string[], next: (key: string) => readonly string[]): ReadonlySet<string> {
    const seen = new Set(roots);
    // A Set is iterated in order of insertion, what is added meanwhile included.
    for (const key of seen) for (const other of next(key)) seen.add(other);
    return seen;
  }
}

const none: ReadonlySet<string> = new Set();

function mapOf(map: Map<string, Set<string>>, key: string): Set<string> {
  const existing = map.get(key);
  if (existing) return existing;
  const made = new Set<string>();
  map.set(key, made);
  return made;
}
