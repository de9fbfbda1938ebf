interface Level<T> {
  readonly children: Map<string, Level<T>>;
  readonly values: Set<T>;
}

const emptyLevel = <T>(): Level<T> => ({ children: new Map(), values: new Set() });

/** Values under topic filters, found by topic without looking at every filter. */
export class TopicTree<T> {
  readonly #root = emptyLevel<T>();

  add(filter: string, value: T): void {
    let level = this.#root;
    for (const name of filter.split("/")) {
      const child = level.children.get(name) ?? emptyLevel<T>();
      level.children.set(name, child);
      level = child;
    }
    level.values.add(value);
  }

  remove(filter: string, value: T): void {
    removeFrom(this.#root, filter.split("/"), value);
  }

  /** The values of every filter that matches, as they are now. */
  match(topic: string): T[] {
    const found: T[] = [];
    // [MQTT-4.7.2-1] wildcards at the beginning do not see system topics.
    collect(this.#root, topic.split("/"), 0, topic.startsWith("$"), found);
    return found;
  }
}

function collect<T>(level: Level<T>, names: readonly string[], depth: number, isSystem: boolean, found: T[]): void {
  const seesWildcards = depth > 0 || !isSystem;
  if (seesWildcards) {
    found.push(...(level.children.get("#")?.values ?? []));
  }
  const name = names[depth];
  if (name === undefined) {
    found.push(...level.values);
    return;
  }
  for (const next of seesWildcards ? [name, "+"] : [name]) {
    const child = level.children.get(next);
    if (child !== undefined) {
      collect(child, names, depth + 1, isSystem, found);
    }
  }
}

/** Returns whether the level is empty now. */
function removeFrom<T>(level: Level<T>, [name, ...rest]: readonly string[], value: T): boolean {
  if (name === undefined) {
    level.values.delete(value);
  } else {
    const child = level.children.get(name);
    if (child !== undefined && removeFrom(child, rest, value)) {
      level.children.delete(name);
    }
  }
  return level.values.size === 0 && level.children.size === 0;
}
