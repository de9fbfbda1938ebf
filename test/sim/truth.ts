import type { Story } from "./story.ts";

interface Logged {
  readonly sequence: number;
  readonly value: number;
}

/**
 * What the nodes put and what the cloud took, and whether the one follows from the other: nothing acknowledged lost,
 * nothing older after something newer, nothing that nobody said.
 */
export class Truth {
  readonly #story: Story;
  /** By key: the newest version put, and the newest whose put resolved. */
  readonly #put = new Map<string, number>();
  readonly #safe = new Map<string, number>();
  /** By key: what the cloud has written. */
  readonly #stored = new Map<string, number>();
  /** By log: values whose append resolved, and what the cloud has, by epoch. */
  readonly #kept = new Map<string, number[]>();
  readonly #appended = new Map<string, number>();
  readonly #logged = new Map<string, Logged[]>();

  constructor(story: Story) {
    this.#story = story;
  }

  /** The next version of a key. */
  next(key: string): number {
    const version = (this.#put.get(key) ?? 0) + 1;
    this.#put.set(key, version);
    return version;
  }

  acknowledged(key: string, version: number): void {
    this.#story.counts.acknowledged += 1;
    this.#safe.set(key, Math.max(version, this.#safe.get(key) ?? 0));
  }

  stored(key: string): number {
    return this.#stored.get(key) ?? 0;
  }

  /** The cloud writes a state. @param isFenced whether the one who writes looked at what is there */
  write(key: string, version: number): void {
    if (version > (this.#put.get(key) ?? 0))
      this.#story.violated("phantom", `${key} version ${version}, which nobody put`);
    if (version < this.stored(key))
      this.#story.violated("reordered", `${key} version ${version} after ${this.stored(key)}`);
    this.#stored.set(key, version);
  }

  nextEntry(log: string): number {
    const value = (this.#appended.get(log) ?? 0) + 1;
    this.#appended.set(log, value);
    return value;
  }

  kept(log: string, value: number): void {
    this.#story.counts.acknowledged += 1;
    this.#kept.set(log, [...(this.#kept.get(log) ?? []), value]);
  }

  /** The cloud takes an entry; one that it has already is the same entry. */
  log(log: string, entry: Logged): void {
    const all = this.#logged.get(log) ?? [];
    this.#logged.set(log, all);
    const known = all.find(({ sequence }) => sequence === entry.sequence);
    if (known) {
      if (known.value !== entry.value)
        this.#story.violated("phantom", `${log} ${entry.sequence} is ${entry.value}, and was ${known.value}`);
      return;
    }
    const last = all.at(-1);
    if (last && last.sequence > entry.sequence)
      this.#story.violated("reordered", `${log} ${entry.sequence} after ${last.sequence}`);
    if (last && last.value >= entry.value)
      this.#story.violated("reordered", `${log}: ${entry.value} after ${last.value}`);
    if (entry.value > (this.#appended.get(log) ?? 0))
      this.#story.violated("phantom", `${log}: ${entry.value}, which nobody appended`);
    all.push(entry);
  }

  /** At the end: everything acknowledged has arrived. */
  judge(): void {
    for (const [key, version] of this.#safe) {
      if (this.stored(key) < version)
        this.#story.violated("lost", `${key} version ${version}; the cloud has ${this.stored(key)}`);
    }
    for (const [log, values] of this.#kept) {
      const logged = new Set((this.#logged.get(log) ?? []).map(({ value }) => value));
      for (const value of values) if (!logged.has(value)) this.#story.violated("lost", `${log} entry ${value}`);
    }
  }
}
