import type { Write } from "@skerry/contracts";

export interface StoreBatch {
  readonly store: string;
  readonly writes: readonly Write[];
}

interface QueuedBatch extends StoreBatch {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Orders the use of one connection. All batches that wait are committed together; tasks (reads) run between
 * commits, so that they see every write called before them and none that may still be undone.
 */
export class CommitQueue {
  readonly #commit: (batches: readonly StoreBatch[]) => Promise<void>;
  #batches: QueuedBatch[] = [];
  #tasks: (() => Promise<void>)[] = [];
  #draining: Promise<void> | undefined;

  /** @param commit makes all batches durable, or none */
  constructor(commit: (batches: readonly StoreBatch[]) => Promise<void>) {
    this.#commit = commit;
  }

  write(batch: StoreBatch): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#batches.push({ ...batch, resolve, reject });
      this.#wake();
    });
  }

  /** Runs `task` while no transaction is open; tasks run side by side. */
  run<T>(task: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#tasks.push(() => task().then(resolve, reject));
      this.#wake();
    });
  }

  /** Resolves when nothing waits or runs. */
  async idle(): Promise<void> {
    await this.#draining;
  }

  #wake(): void {
    this.#draining ??= this.#drain();
  }

  async #drain(): Promise<void> {
    // Lets the rest of the callers' turn join the first commit.
    await Promise.resolve();
    while (this.#batches.length > 0 || this.#tasks.length > 0) {
      const batches = this.#batches;
      const tasks = this.#tasks;
      this.#batches = [];
      this.#tasks = [];
      await this.#commitAll(batches);
      await Promise.all(tasks.map((task) => task()));
    }
    this.#draining = undefined;
  }

  /** When the whole fails, each batch gets a commit of its own, so that only the culprits fail. */
  async #commitAll(batches: readonly QueuedBatch[]): Promise<void> {
    if (batches.length === 0) {
      return;
    }
    try {
      await this.#commit(batches);
      for (const batch of batches) {
        batch.resolve();
      }
    } catch (error) {
      if (batches.length === 1) {
        batches[0]?.reject(error);
        return;
      }
      for (const batch of batches) {
        await this.#commitAll([batch]);
      }
    }
  }
}
