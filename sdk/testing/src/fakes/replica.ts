import { type KubeObject, type ObjectRef, type Replica, type ReplicaKind, refKey, refOf } from "@skerry/contracts";

/** A replica that a test fills by hand. */
export class FakeReplica implements Replica {
  readonly #objects = new Map<string, KubeObject>();
  readonly #watchers = new Set<{
    readonly kinds: readonly ReplicaKind[];
    readonly changed: (ref: ObjectRef) => void;
  }>();

  get(ref: ObjectRef): KubeObject | undefined {
    return this.#objects.get(refKey(ref));
  }

  list({ group, kind }: ReplicaKind): readonly KubeObject[] {
    return [...this.#objects.values()].filter((object) => {
      const ref = refOf(object);
      return ref.group === group && ref.kind === kind;
    });
  }

  watch(kinds: readonly ReplicaKind[], changed: (ref: ObjectRef) => void): Disposable {
    const watcher = { kinds, changed };
    this.#watchers.add(watcher);
    for (const kind of kinds) for (const object of this.list(kind)) changed(refOf(object));
    return { [Symbol.dispose]: () => void this.#watchers.delete(watcher) };
  }

  /** The cloud sent this object. */
  put(object: KubeObject): void {
    const ref = refOf(object);
    this.#objects.set(refKey(ref), object);
    this.#tell(ref);
  }

  /** The cloud says to let go of it. */
  remove(ref: ObjectRef): void {
    if (this.#objects.delete(refKey(ref))) this.#tell(ref);
  }

  #tell(ref: ObjectRef): void {
    for (const { kinds, changed } of [...this.#watchers]) {
      if (kinds.some(({ group, kind }) => group === ref.group && kind === ref.kind)) changed(ref);
    }
  }
}
