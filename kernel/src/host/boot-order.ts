/** Who must start before a plugin. */
export interface PluginNeeds {
  readonly id: string;
  readonly after: readonly string[];
  readonly requires: readonly string[];
}

/**
 * Orders plugins so that each comes after those it needs; among free ones, as listed. Names the ids of
 * one circle, closed, when there is one.
 */
export function orderPlugins(plugins: readonly PluginNeeds[]): {
  readonly order: readonly string[];
  readonly cycle: readonly string[] | undefined;
} {
  const byId = new Map(plugins.map((plugin) => [plugin.id, plugin]));
  const order: string[] = [];
  const done = new Set<string>();
  const path: string[] = [];

  function visit(id: string): readonly string[] | undefined {
    if (done.has(id)) return undefined;
    if (path.includes(id)) return [...path.slice(path.indexOf(id)), id];
    path.push(id);
    for (const needed of byId.get(id)?.after ?? []) {
      const cycle = visit(needed);
      if (cycle) return cycle;
    }
    path.pop();
    done.add(id);
    order.push(id);
    return undefined;
  }

  for (const { id } of plugins) {
    const cycle = visit(id);
    if (cycle) return { order: [], cycle };
  }
  return { order, cycle: undefined };
}
