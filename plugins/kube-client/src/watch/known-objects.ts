import type { KubeObject } from "@skerry/contracts";
import { compareVersions } from "./compare-versions.ts";

type Tell = (object: KubeObject) => void;

/**
 * The objects a watch has told of, so that it can tell what a list changes. Of an object it goes forward only: events of a
 * stream that has fallen behind a list change nothing.
 */
export class KnownObjects {
  readonly #objects = new Map<string, KubeObject>();
  readonly #upsert: Tell;
  readonly #remove: Tell;

  constructor(upsert: Tell, remove: Tell) {
    this.#upsert = upsert;
    this.#remove = remove;
  }

  /** Tells of an object unless it is known as it is, or newer. One made anew under a known name is a removal as well. */
  put(object: KubeObject): void {
    const key = keyOf(object);
    const known = this.#objects.get(key);
    if (known !== undefined && isNoNewer(object, known)) return;
    if (known !== undefined && known.metadata.uid !== object.metadata.uid) this.#remove(known);
    this.#objects.set(key, object);
    this.#upsert(object);
  }

  /** @param object its last state, with the version of its removal */
  remove(object: KubeObject): void {
    const key = keyOf(object);
    const known = this.#objects.get(key);
    if (known === undefined || isNewer(known, object.metadata.resourceVersion)) return;
    this.#objects.delete(key);
    this.#remove(object);
  }

  /** Tells the difference to what there was at a version, what is gone first. */
  replace(objects: readonly KubeObject[], version: string): void {
    this.keep(objects, version);
    for (const object of objects) this.put(object);
  }

  /** Tells that everything is gone that a list of a version does not name. */
  keep(listed: readonly Named[], version: string): void {
    const present = new Set(listed.map(keyOf));
    for (const [key, known] of [...this.#objects]) {
      if (present.has(key) || isNewer(known, version)) continue;
      this.#objects.delete(key);
      this.#remove(known);
    }
  }

  /** Those of a list that are not known, or only as they were before. */
  unknown<T extends Named>(listed: readonly T[]): readonly T[] {
    return listed.filter((object) => {
      const known = this.#objects.get(keyOf(object));
      return known === undefined || !isNoNewer(object, known);
    });
  }
}

type Named = Pick<KubeObject, "metadata">;

function isNewer({ metadata }: Named, version: string | undefined): boolean {
  return (compareVersions(metadata.resourceVersion, version) ?? -1) > 0;
}

function isNoNewer({ metadata }: Named, known: Named): boolean {
  return (compareVersions(metadata.resourceVersion, known.metadata.resourceVersion) ?? 1) <= 0;
}

function keyOf({ metadata }: Named): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}
