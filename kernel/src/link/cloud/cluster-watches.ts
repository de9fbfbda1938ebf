import type { Clock, KubeApi, KubeObject, Logger, ReplicaInterest } from "@skerry/contracts";
import { refKey, refOf } from "@skerry/contracts";
import type { InterestEngine } from "../../autonomy/interest-engine.ts";
import type { InterestingKind } from "./contributed.ts";

export interface WatchParts {
  readonly api: KubeApi;
  readonly engine: InterestEngine;
  readonly clock: Clock;
  readonly log: Logger;
}

const slowMs = 10_000;

/** Feeds the engine with every object of the kinds somebody is interested in. */
export class ClusterWatches implements Disposable {
  readonly #parts: WatchParts;
  readonly #watches: Disposable[] = [];
  readonly #unsynced = new Set<string>();
  #disposed: (() => void) | undefined;

  constructor(parts: WatchParts) {
    this.#parts = parts;
  }

  /** Begins to watch. Resolves when every kind has delivered its first list, or the watches were disposed. */
  async start(kinds: readonly InterestingKind[]): Promise<void> {
    const { clock, log } = this.#parts;
    const disposed = new Promise<void>((resolve) => {
      this.#disposed = resolve;
    });
    const slow = clock.after(slowMs, () => {
      log.warn("no node is served yet: first lists are missing", { kinds: [...this.#unsynced] });
    });
    await Promise.race([Promise.all(kinds.map((kind) => this.#watch(kind))), disposed]);
    slow[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    for (const watch of this.#watches) watch[Symbol.dispose]();
    this.#disposed?.();
  }

  #watch({ resource, interest }: InterestingKind): Promise<void> {
    this.#unsynced.add(resource.kind);
    return new Promise((resolve) => {
      const watch = this.#parts.api.watch(resource, {
        upsert: (object) => this.#upsert(object, interest),
        remove: (object) => this.#parts.engine.remove(refOf(object)),
        synced: () => {
          this.#unsynced.delete(resource.kind);
          resolve();
        },
      });
      this.#watches.push(watch);
    });
  }

  /** An object that a plugin's interest stumbles over stays what it was to the nodes; the others go on. */
  #upsert(object: KubeObject, interest: ReplicaInterest): void {
    try {
      this.#parts.engine.upsert(object, interest);
    } catch (error) {
      this.#parts.log.error("an object could not be routed to its nodes", { key: refKey(refOf(object)), error });
    }
  }
}
