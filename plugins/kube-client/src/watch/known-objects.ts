import type { KubeObject } from "@skerry/contracts";

type Tell = (object: KubeObject) => void;

/** The objects a watch has told of, so that it can tell what a fresh list changes. */
export class KnownObjects {
  readonly #objects = new Map<string, KubeObject>();
  readonly #upsert: Tell;
  readonly #remove: Tell;

  constructor(upsert: Tell, remove: Tell) {
    this.#upsert = upsert;
    this.#remove = remove;
  }

  /** Tells of an object unless it is known as it is. One made anew under a known name is a removal as well. */
  put(object: KubeObject): void {
    const key = keyOf(object);
    const known = this.#objects.get(key);
    if (known?.metadata.resourceVersion === object.metadata.resourceVersion && known !== undefined) return;
    if (known !== undefined && known.metadata.uid !== object.metadata.uid) this.#remove(known);
    this.#objects.set(key, object);
    this.#upsert(object);
  }

  remove(object: KubeObject): void {
    if (this.#objects.delete(keyOf(object))) this.#remove(object);
  }

  /** Tells the difference to what is there now, what is gone first. */
  replace(objects: readonly KubeObject[]): void {
    const present = new Set(objects.map(keyOf));
    for (const [key, known] of [...this.#objects]) {
      if (present.has(key)) continue;
      this.#objects.delete(key);
      this.#remove(known);
    }
    for (const object of objects) this.put(object);
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}
