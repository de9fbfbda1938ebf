import type { KindInfo } from "../kinds.ts";
import type { ServedKind } from "./served-kind.ts";
import { commonStrategy, type Strategy } from "./strategy.ts";

/** The kinds that are served at this moment: the built-in ones and those of definitions. */
export class KindRegistry {
  readonly #kinds = new Map<string, ServedKind>();
  /** What each owner registered, so that it can be taken back. */
  readonly #owned = new Map<string, readonly ServedKind[]>();
  #generation = 0;

  /** Replaces everything an owner registered; an empty list takes it back. */
  register(owner: string, kinds: readonly ServedKind[]): void {
    for (const kind of this.#owned.get(owner) ?? []) this.#kinds.delete(address(kind.info));
    for (const kind of kinds) this.#kinds.set(address(kind.info), kind);
    if (kinds.length === 0) this.#owned.delete(owner);
    else this.#owned.set(owner, kinds);
    this.#generation++;
  }

  find(group: string, version: string, plural: string): ServedKind | undefined {
    return this.#kinds.get(address({ group, version, plural }));
  }

  strategyOf(storage: string): Strategy {
    return this.all().find((kind) => kind.storage === storage)?.strategy ?? commonStrategy;
  }

  all(): readonly ServedKind[] {
    return [...this.#kinds.values()];
  }

  infos(): readonly KindInfo[] {
    return this.all().map((kind) => kind.info);
  }

  /** Grows with every change, for what is computed from all kinds and kept. */
  get generation(): number {
    return this.#generation;
  }
}

function address({ group, version, plural }: Pick<KindInfo, "group" | "version" | "plural">): string {
  return `${group}/${version}/${plural}`;
}
