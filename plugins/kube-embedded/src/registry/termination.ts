import { type ApiObject, withMetadata } from "./api-object.ts";
import { deepEqual } from "./deep-equal.ts";
import { definitionStorage, namespaceStorage } from "./served-kind.ts";
import type { Strategy } from "./strategy.ts";
import type { Transaction } from "./transaction.ts";

/** How something is to be deleted, beyond the default. */
export interface DeletionWish {
  /** Seconds that what the object stands for has to end; 0 is at once. */
  readonly gracePeriodSeconds?: number | undefined;
  /** What becomes of the objects it owns; in the background they are deleted after it. */
  readonly propagationPolicy?: PropagationPolicy | undefined;
}

export type PropagationPolicy = "Background" | "Foreground" | "Orphan";

/** The finalizers by which the garbage collector knows what to do before the object goes. */
export const orphanFinalizer = "orphan";
export const foregroundFinalizer = "foregroundDeletion";

export interface Deletion {
  /** The object as it was removed, or as it now waits for its finalizers. */
  readonly object: ApiObject;
  readonly removed: boolean;
}

/**
 * Takes objects out of existence the way Kubernetes does: those with finalizers, and namespaces and
 * definitions with contents, are first marked and go when nothing holds them any more. So are those that need time to
 * end, until a deletion without grace removes them.
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

  delete(storage: string, object: ApiObject, wish: DeletionWish = {}): Deletion {
    const deletion = this.#deleteOne(storage, object, wish);
    if (deletion.removed) this.#settleOwners(storage, deletion.object);
    return deletion;
  }

  /** Removes an object that was only waiting, if it no longer has to. Returns whether it is gone. */
  settle(storage: string, object: ApiObject): boolean {
    if (object.metadata.deletionTimestamp === undefined || isHeld(object)) return false;
    if (this.#contents(storage, object).length > 0) return false;
    this.#transaction.remove(storage, object);
    this.#settleOwners(storage, object);
    return true;
  }

  #deleteOne(storage: string, object: ApiObject, wish: DeletionWish): Deletion {
    const isContainer = storage === namespaceStorage || storage === definitionStorage;
    const isGoing = object.metadata.deletionTimestamp !== undefined;
    if (isGoing && isContainer) return { object, removed: false };
    const finalizers = isContainer ? object.metadata.finalizers : propagating(object, wish.propagationPolicy);
    const timed = isGoing ? this.#hastened(storage, object, wish) : this.#begun(storage, object, wish);
    const marked = withMetadata(timed, { finalizers });
    if (isGoing && deepEqual(marked, object)) return { object, removed: false };
    if (!isContainer && !isHeld(marked)) return { object: this.#transaction.remove(storage, object), removed: true };
    if (!isContainer) return { object: this.#transaction.put(storage, marked), removed: false };
    const context = { now: this.#now, list: (other: string) => this.#transaction.list(other) };
    const waiting = this.#transaction.put(storage, this.#strategyOf(storage).terminating(marked, context));
    for (const content of this.#contents(storage, object)) this.#deleteOne(content.storage, content.object, {});
    return { object: waiting, removed: this.settle(storage, waiting) };
  }

  #begun(storage: string, object: ApiObject, wish: DeletionWish): ApiObject {
    const { generation } = object.metadata;
    const seconds = this.#strategyOf(storage).gracePeriod(object, wish.gracePeriodSeconds);
    return withMetadata(object, {
      deletionTimestamp: later(this.#now, seconds),
      deletionGracePeriodSeconds: seconds,
      generation: generation === undefined ? undefined : generation + 1,
    });
  }

  /** Who deletes again can only shorten the time. */
  #hastened(storage: string, object: ApiObject, { gracePeriodSeconds: asked }: DeletionWish): ApiObject {
    const { deletionTimestamp = this.#now, deletionGracePeriodSeconds: given = 0 } = object.metadata;
    if (asked === undefined) return object;
    const seconds = Math.min(given, this.#strategyOf(storage).gracePeriod(object, asked));
    if (seconds === given) return object;
    return withMetadata(object, {
      deletionTimestamp: later(deletionTimestamp, seconds - given),
      deletionGracePeriodSeconds: seconds,
    });
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

/** Whether an object that is being deleted has to wait for somebody. */
function isHeld({ metadata }: ApiObject): boolean {
  return (metadata.finalizers ?? []).length > 0 || (metadata.deletionGracePeriodSeconds ?? 0) > 0;
}

/** The finalizers as a policy wants them; without one they stay as they are. */
function propagating(object: ApiObject, policy: PropagationPolicy | undefined): readonly string[] | undefined {
  const { finalizers } = object.metadata;
  if (policy === undefined) return finalizers;
  const others = (finalizers ?? []).filter((it) => it !== orphanFinalizer && it !== foregroundFinalizer);
  const wanted = policy === "Orphan" ? [orphanFinalizer] : policy === "Foreground" ? [foregroundFinalizer] : [];
  const all = [...others, ...wanted];
  return all.length === 0 ? undefined : all;
}

function later(time: string, seconds: number): string {
  return `${new Date(Date.parse(time) + seconds * 1000).toISOString().slice(0, 19)}Z`;
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
