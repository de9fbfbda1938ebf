import { type ApiObject, keyOf } from "../../registry/api-object.ts";
import type { ObjectChange } from "../runtime/cluster-objects.ts";
import { ownersOf } from "../runtime/owner-reference.ts";

/** Where an object is: the storage of its kind (`group/plural`) and its key in there. */
export interface Place {
  readonly storage: string;
  readonly key: string;
}

/** Which objects name which owners, by the uids of these. */
export class Dependents {
  readonly #byOwner = new Map<string, Map<string, Place>>();

  update(storage: string, { before, after }: ObjectChange): void {
    if (before !== undefined) this.#remove(storage, before);
    if (after !== undefined) this.#add(storage, after);
  }

  of(uid: string): readonly Place[] {
    return [...(this.#byOwner.get(uid)?.values() ?? [])];
  }

  #add(storage: string, object: ApiObject): void {
    const key = keyOf(object);
    for (const { uid } of ownersOf(object)) {
      const places = this.#byOwner.get(uid) ?? new Map<string, Place>();
      this.#byOwner.set(uid, places.set(`${storage} ${key}`, { storage, key }));
    }
  }

  #remove(storage: string, object: ApiObject): void {
    for (const { uid } of ownersOf(object)) {
      const places = this.#byOwner.get(uid);
      places?.delete(`${storage} ${keyOf(object)}`);
      if (places?.size === 0) this.#byOwner.delete(uid);
    }
  }
}
