import type { NodeView } from "./node-view.ts";

/** How many Pods there are in each domain: each value that nodes have for a label. */
export class TopologyCounts {
  readonly #counts = new Map<string, Map<string, number>>();

  /** @param by how many; 0 makes the domain known */
  add(node: NodeView, topologyKey: string, by = 1): void {
    const value = domainOf(node, topologyKey);
    if (value === undefined) return;
    const domains = this.#counts.get(topologyKey) ?? new Map<string, number>();
    this.#counts.set(topologyKey, domains.set(value, (domains.get(value) ?? 0) + by));
  }

  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  /** In the domain of a node; 0 for one that has none. */
  at(node: NodeView, topologyKey: string): number {
    const value = domainOf(node, topologyKey);
    return value === undefined ? 0 : (this.#counts.get(topologyKey)?.get(value) ?? 0);
  }

  /** Of every known domain of a label. */
  all(topologyKey: string): readonly number[] {
    return [...(this.#counts.get(topologyKey)?.values() ?? [])];
  }
}

/** The domain that a node belongs to; absent without the label. */
export function domainOf(node: NodeView, topologyKey: string): string | undefined {
  return Object.hasOwn(node.labels, topologyKey) ? node.labels[topologyKey] : undefined;
}
