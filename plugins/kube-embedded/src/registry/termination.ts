import { type ApiObject, withMetadata } from "./api-object.ts";
import { definitionStorage, namespaceStorage } from "./served-kind.ts";
import type { Strategy } from "./strategy.ts";
import type { Transaction } from "./transaction.ts";

export interface Deletion {
  /** The object as it was removed, or as it now waits for its finalizers. */
  readonly object: ApiObject;
  readonly removed: boolean;
}

/**
 * Takes objects out of existence the way Kubernetes does: those with finalizers, and namespaces and
 * definitions with contents, are first marked and go when nothing holds them any more.
 */
export class Termination {
  readonly #transaction: Transaction;
  readonly #now: string;
  readonly #strategyOf: (storage: string) => Strategy;

  constructor(transaction: Transaction, now: string, strategyOf: (storage: string) => Strategy) {
    this.#transaction = transaction;
    this.#now = now;
    this.#strategyOf = strategyOf;
  }

  delete(storage: string, object: ApiObject): Deletion {
    const deletion = this.#deleteOne(storage, object);
    if (deletion.removed) this.#settleOwners(storage, deletion.object);
    return deletion;
  }

  /** Removes an object that was only waiting, if it no longer has to. Returns whether it is gone. */
  settle(storage: string, object: ApiObject): boolean {
    const { deletionTimestamp, finalizers = [] } = object.metadata;
    if (deletionTimestamp === undefined || finalizers.length > 0) return false;
    if (this.#contents(storage, object).length > 0) return false;
    this.#transaction.remove(storage, object);
    this.#settleOwners(storage, object);
    return true;
  }

  #deleteOne(storage: string, object: ApiObject): Deletion {
    const { deletionTimestamp, finalizers = [], generation } = object.metadata;
    if (deletionTimestamp !== undefined) return { object, removed: false };
    const isContainer = storage === namespaceStorage || storage === definitionStorage;
    if (finalizers.length === 0 && !isContainer) {
      return { object: this.#transaction.remove(storage, object), removed: true };
    }
    const marked = withMetadata(object, {
      deletionTimestamp: this.#now,
      deletionGracePeriodSeconds: 0,
      generation: generation === undefined ? undefined : generation + 1,
    });
    const context = { now: this.#now, list: (other: string) => this.#transaction.list(other) };
    const waiting = this.#transaction.put(storage, this.#strategyOf(storage).terminating(marked, context));
    for (const content of this.#contents(storage, object)) this.#deleteOne(content.storage, content.object);
    return { object: waiting, removed: this.settle(storage, waiting) };
  }

  #contents(storage: string, object: ApiObject): readonly { storage: string; object: ApiObject }[] {
    const { name } = object.metadata;
    if (storage === namespaceStorage) {
      return this.#transaction
        .storages()
        .flatMap((other) => this.#transaction.list(other, name).map((it) => ({ storage: other, object: it })));
    }
    if (storage !== definitionStorage) return [];
    const custom = storageOfDefinition(name);
    return this.#transaction.list(custom).map((it) => ({ storage: custom, object: it }));
  }

  #settleOwners(storage: string, object: ApiObject): void {
    const { namespace } = object.metadata;
    if (namespace !== undefined) this.#settleKey(namespaceStorage, namespace);
    const [group = "", plural = ""] = storage.split("/");
    if (group !== "") this.#settleKey(definitionStorage, `${plural}.${group}`);
  }

  #settleKey(storage: string, name: string): void {
    const owner = this.#transaction.get(storage, `/${name}`);
    if (owner !== undefined) this.settle(storage, owner);
  }
}

/** Where the objects of the definition `<plural>.<group>` are stored. */
function storageOfDefinition(name: string): string {
  const dot = name.indexOf(".");
  return `${name.slice(dot + 1)}/${name.slice(0, dot)}`;
}

/** Whether a namespace exists and takes new objects. */
export type NamespaceState = "absent" | "active" | "terminating";

export function namespaceState(transaction: Transaction, name: string): NamespaceState {
  const namespace = transaction.get(namespaceStorage, `/${name}`);
  if (namespace === undefined) return "absent";
  return namespace.metadata.deletionTimestamp === undefined ? "active" : "terminating";
}
