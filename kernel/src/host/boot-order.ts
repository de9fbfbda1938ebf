/** Who must start before a plugin. */
export interface PluginNeeds {
  readonly id: string;
  readonly after: readonly string[];
  readonly requires: readonly string[];
}

export interface BootOrder {
  /** Meaningful only without cycles. */
  readonly order: readonly string[];
  /** The ids of each circle, closed. Circles that share a step may be reported as one. */
  readonly cycles: readonly (readonly string[])[];
}

/** Orders plugins so that each comes after those it needs; among free ones, as listed. */
export function orderPlugins(plugins: readonly PluginNeeds[]): BootOrder {
  const byId = new Map(plugins.map((plugin) => [plugin.id, plugin]));
  const order: string[] = [];
  const cycles: (readonly string[])[] = [];
  const done = new Set<string>();
  const path: string[] = [];

  function visit(id: string): void {
    if (done.has(id)) return;
    if (path.includes(id)) {
      cycles.push([...path.slice(path.indexOf(id)), id]);
      return;
    }
    path.push(id);
    for (const needed of byId.get(id)?.after ?? []) visit(needed);
    path.pop();
    done.add(id);
    order.push(id);
  }

  for (const { id } of plugins) visit(id);
  return { order, cycles };
}
