export interface KeyedQueueLimits {
  /** Jobs that run at once. */
  readonly all: number;
  /** Those of one group: whoever has many leaves room for the others. */
  readonly perGroup: number;
}

interface Group<T> {
  readonly waiting: Map<string, T>;
  readonly busy: Set<string>;
}

/**
 * Runs jobs of one key one after another, in order, and jobs of different keys side by side, up to a
 * limit; groups have their turns. A job that is replaced before it began is never run.
 */
export class KeyedQueue<T> {
  readonly #run: (job: T) => Promise<void>;
  readonly #limits: KeyedQueueLimits;
  /** In the order of their turns. */
  readonly #groups = new Map<string, Group<T>>();
  readonly #running = new Set<Promise<void>>();

  /** @param run must not reject */
  constructor(limits: KeyedQueueLimits, run: (job: T) => Promise<void>) {
    this.#limits = limits;
    this.#run = run;
  }

  /** Adds a job; one of the same key of the group that has not begun is replaced. */
  push(group: string, key: string, job: T): void {
    const found = this.#groups.get(group) ?? { waiting: new Map<string, T>(), busy: new Set<string>() };
    this.#groups.set(group, found);
    found.waiting.set(key, job);
    this.#pump();
  }

  /** Forgets waiting jobs of a group. */
  clear(group: string, matches: (job: T) => boolean): void {
    const found = this.#groups.get(group);
    if (!found) return;
    for (const [key, job] of found.waiting) if (matches(job)) found.waiting.delete(key);
    this.#tidy(group, found);
  }

  /** Resolves when no job runs any more; those that wait are forgotten. */
  async drained(): Promise<void> {
    for (const { waiting } of this.#groups.values()) waiting.clear();
    await Promise.all(this.#running);
  }

  #pump(): void {
    while (this.#running.size < this.#limits.all) {
      if (!this.#startNext()) return;
    }
  }

  /** Starts a job of the first group that has one to start. */
  #startNext(): boolean {
    for (const [name, group] of this.#groups) {
      if (group.busy.size >= this.#limits.perGroup) continue;
      for (const [key, job] of group.waiting) {
        if (group.busy.has(key)) continue;
        group.waiting.delete(key);
        this.#start(name, group, key, job);
        return true;
      }
    }
    return false;
  }

  #start(name: string, group: Group<T>, key: string, job: T): void {
    group.busy.add(key);
    // To the end of the queue: the others have their turns first.
    this.#groups.delete(name);
    this.#groups.set(name, group);
    const running = this.#run(job).finally(() => {
      group.busy.delete(key);
      this.#running.delete(running);
      this.#tidy(name, group);
      this.#pump();
    });
    this.#running.add(running);
  }

  #tidy(name: string, group: Group<T>): void {
    if (group.waiting.size + group.busy.size === 0) this.#groups.delete(name);
  }
}
