import type { Logger, RuntimeChange } from "@skerry/contracts";

type Changed = (change: RuntimeChange) => void;

/** Those who want to know of changes. One that throws is logged, and the others are told. */
export class Watchers {
  readonly #logger: Logger;
  readonly #watchers = new Set<Changed>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  add(changed: Changed): Disposable {
    const watcher: Changed = (change) => changed(change);
    this.#watchers.add(watcher);
    return { [Symbol.dispose]: () => void this.#watchers.delete(watcher) };
  }

  tell(change: RuntimeChange): void {
    for (const watcher of this.#watchers) {
      try {
        watcher(change);
      } catch (error) {
        this.#logger.error("a watcher of the runtime failed", { ...change, error });
      }
    }
  }

  clear(): void {
    this.#watchers.clear();
  }
}
