import { type ApiObject, keyOf, withMetadata } from "../../registry/api-object.ts";
import { deepEqual } from "../../registry/deep-equal.ts";
import { definitionStorage, type ServedKind } from "../../registry/served-kind.ts";
import { foregroundFinalizer, orphanFinalizer } from "../../registry/termination.ts";
import type { ObjectChange } from "../runtime/cluster-objects.ts";
import type { Controller, ControllerParts } from "../runtime/controller.ts";
import { ownersOf } from "../runtime/owner-reference.ts";
import { ReconcileLoop } from "../runtime/reconcile-loop.ts";
import { Dependents } from "./dependents.ts";
import { isGoingAfterDependents, Owners } from "./owners.ts";
import { judge } from "./verdict.ts";

/** An object with what is needed to write it. */
interface Item {
  readonly kind: ServedKind;
  readonly object: ApiObject;
}

/** Removes what nobody owns any more, and carries out the finalizers `orphan` and `foregroundDeletion`, for all kinds. */
export class GarbageCollector implements Controller {
  readonly #parts: ControllerParts;
  readonly #loop: ReconcileLoop;
  readonly #dependents = new Dependents();
  readonly #owners: Owners;
  /** Objects of whose owners nothing can be said until another kind is served. */
  readonly #undecided = new Set<string>();

  constructor(parts: ControllerParts) {
    this.#parts = parts;
    this.#owners = new Owners(parts.objects, parts.kinds);
    this.#loop = new ReconcileLoop("garbage-collector", parts, (key) => this.#reconcile(key));
  }

  start(): void {
    const { objects, kinds } = this.#parts;
    for (const storage of new Set(kinds.all().map((kind) => kind.storage))) this.#look(storage);
    objects.watchAll((storage, change) => this.#changed(storage, change));
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** Everything of one kind, as if it were new. */
  #look(storage: string): void {
    const kind = this.#kindOf(storage);
    if (kind === undefined) return;
    for (const after of this.#parts.objects.list(kind)) this.#changed(storage, { after });
  }

  #changed(storage: string, change: ObjectChange): void {
    const { before, after } = change;
    if (storage === definitionStorage) this.#definitionChanged(after ?? before);
    if (before !== undefined && after !== undefined && !concerns(before, after)) return;
    this.#dependents.update(storage, change);
    if (after === undefined && before !== undefined) {
      this.#owners.remember(before);
      for (const place of this.#dependents.of(before.metadata.uid ?? "")) this.#loop.touch(placeKey(place));
    }
    for (const object of [before, after]) if (object !== undefined) this.#touchWaitingOwners(object);
    if (after !== undefined && isTask(after)) this.#loop.touch(placeKey({ storage, key: keyOf(after) }));
  }

  /** Objects of a kind that was not served may be there, and be owners. */
  #definitionChanged(definition: ApiObject | undefined): void {
    const [plural = "", ...group] = (definition?.metadata.name ?? "").split(".");
    this.#look(`${group.join(".")}/${plural}`);
    for (const key of this.#undecided) this.#loop.touch(key);
    this.#undecided.clear();
  }

  #touchWaitingOwners(object: ApiObject): void {
    for (const reference of ownersOf(object)) {
      const owner = this.#owners.find(reference, object.metadata.namespace);
      if (owner.state !== "waiting" || owner.kind === undefined || owner.object === undefined) continue;
      this.#loop.touch(placeKey({ storage: owner.kind.storage, key: keyOf(owner.object) }));
    }
  }

  async #reconcile(key: string): Promise<void> {
    const item = this.#item(key);
    if (item === undefined) return;
    const { metadata } = item.object;
    if (metadata.deletionTimestamp === undefined) return this.#judge(item, key);
    const finalizers = metadata.finalizers ?? [];
    if (finalizers.includes(orphanFinalizer)) await this.#orphan(item);
    else if (finalizers.includes(foregroundFinalizer)) await this.#deleteDependents(item);
  }

  async #judge({ kind, object }: Item, key: string): Promise<void> {
    const { namespace, uid = "" } = object.metadata;
    const references = ownersOf(object).map((reference) => ({
      reference,
      state: this.#owners.find(reference, namespace).state,
    }));
    if (references.some(({ state }) => state === "unknown")) this.#undecided.add(key);
    const dependents = this.#dependentsOf(object);
    const decided = judge(references, dependents.length > 0);
    if (decided.verdict === "keep") return;
    if (decided.verdict === "detach") return this.#detach({ kind, object }, decided.owners);
    const isCircle = dependents.some((dependent) => isGoingAfterDependents(dependent.object));
    // Of two that wait for each other one has to give in.
    if (decided.inForeground && isCircle) await this.#unblock({ kind, object });
    const propagation = decided.inForeground ? ({ propagationPolicy: "Foreground" } as const) : {};
    this.#parts.logger.debug("an object without an owner is deleted", { kind: object.kind, namespace, uid });
    await this.#parts.objects.delete(kind, object.metadata, propagation);
  }

  async #orphan(item: Item): Promise<void> {
    const { uid = "" } = item.object.metadata;
    const owners = new Set([uid]);
    await Promise.all(this.#dependentsOf(item.object).map((dependent) => this.#detach(dependent, owners)));
    await this.#finalize(item, orphanFinalizer);
  }

  /** Waits for the dependents that ask for it; the others only have to be on their way. */
  async #deleteDependents(item: Item): Promise<void> {
    const { uid, name, namespace } = item.object.metadata;
    const dependents = this.#dependentsOf(item.object);
    const blocking = dependents.filter(({ object }) =>
      ownersOf(object).some((reference) => reference.uid === uid && reference.blockOwnerDeletion),
    );
    for (const { kind, object } of dependents)
      this.#loop.touch(placeKey({ storage: kind.storage, key: keyOf(object) }));
    if (blocking.length === 0) return this.#finalize(item, foregroundFinalizer);
    this.#parts.logger.debug("an object waits for its dependents", { namespace, name, dependents: blocking.length });
  }

  async #detach({ kind, object }: Item, owners: ReadonlySet<string>): Promise<void> {
    await this.#parts.objects.change(kind, object.metadata, (newest) => {
      const others = (newest.metadata.ownerReferences ?? []).filter(({ uid }) => !owners.has(String(uid)));
      return withMetadata(newest, { ownerReferences: others.length === 0 ? undefined : others });
    });
  }

  async #unblock({ kind, object }: Item): Promise<void> {
    await this.#parts.objects.change(kind, object.metadata, (newest) => {
      const references = newest.metadata.ownerReferences ?? [];
      return withMetadata(newest, {
        ownerReferences: references.map(({ blockOwnerDeletion: _, ...reference }) => reference),
      });
    });
  }

  async #finalize({ kind, object }: Item, finalizer: string): Promise<void> {
    await this.#parts.objects.change(kind, object.metadata, (newest) => {
      const others = (newest.metadata.finalizers ?? []).filter((it) => it !== finalizer);
      return withMetadata(newest, { finalizers: others.length === 0 ? undefined : others });
    });
  }

  /** Those an object can own: all if it is of the whole cluster, else those of its namespace; never itself. */
  #dependentsOf({ metadata: { uid = "", namespace } }: ApiObject): readonly Item[] {
    return this.#dependents
      .of(uid)
      .flatMap((place) => this.#item(placeKey(place)) ?? [])
      .filter(({ object: { metadata } }) => metadata.uid !== uid)
      .filter(({ object: { metadata } }) => namespace === undefined || metadata.namespace === namespace);
  }

  #item(key: string): Item | undefined {
    const [storage = "", place = ""] = key.split(" ");
    const [namespace, name = ""] = place.split("/");
    const kind = this.#kindOf(storage);
    const object = kind && this.#parts.objects.get(kind, { namespace, name });
    return kind === undefined || object === undefined ? undefined : { kind, object };
  }

  #kindOf(storage: string): ServedKind | undefined {
    return this.#parts.kinds.all().find((kind) => kind.storage === storage);
  }
}

/** Whether a change is one that the garbage collector looks at. */
function concerns({ metadata: before }: ApiObject, { metadata: after }: ApiObject): boolean {
  return (
    before.deletionTimestamp !== after.deletionTimestamp ||
    !deepEqual(before.ownerReferences ?? [], after.ownerReferences ?? []) ||
    !deepEqual(before.finalizers ?? [], after.finalizers ?? [])
  );
}

/** Whether there may be something to do about an object. */
function isTask({ metadata }: ApiObject): boolean {
  return metadata.deletionTimestamp !== undefined || metadata.ownerReferences !== undefined;
}

function placeKey({ storage, key }: { readonly storage: string; readonly key: string }): string {
  return `${storage} ${key}`;
}
