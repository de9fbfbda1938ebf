import type { JsonValue, KubeObject, ObjectRef, Replica, ReplicaKind, Uplink, UplinkKey } from "@skerry/contracts";
import { refKey, refOf } from "@skerry/contracts";

/** A replica that the test fills. */
export class StandInReplica implements Replica {
  readonly #objects = new Map<string, KubeObject>();
  readonly #watches = new Set<{ readonly kinds: readonly ReplicaKind[]; readonly changed: (ref: ObjectRef) => void }>();

  put(object: KubeObject): void {
    this.#objects.set(refKey(refOf(object)), object);
    this.#tell(refOf(object));
  }

  remove(object: KubeObject): void {
    this.#objects.delete(refKey(refOf(object)));
    this.#tell(refOf(object));
  }

  get(ref: ObjectRef): KubeObject | undefined {
    return this.#objects.get(refKey(ref));
  }

  list({ kind }: ReplicaKind): readonly KubeObject[] {
    return [...this.#objects.values()].filter((object) => object.kind === kind);
  }

  watch(kinds: readonly ReplicaKind[], changed: (ref: ObjectRef) => void): Disposable {
    const watch = { kinds, changed };
    this.#watches.add(watch);
    for (const kind of kinds) for (const object of this.list(kind)) changed(refOf(object));
    return { [Symbol.dispose]: () => void this.#watches.delete(watch) };
  }

  #tell(ref: ObjectRef): void {
    for (const { kinds, changed } of this.#watches) if (kinds.some(({ kind }) => kind === ref.kind)) changed(ref);
  }
}

/** An uplink that keeps what was put. */
export class StandInUplink implements Uplink {
  readonly puts: { readonly key: string; readonly value: JsonValue }[] = [];
  readonly forgotten: string[] = [];
  readonly #failures: Error[] = [];

  failNext(error: Error): void {
    this.#failures.push(error);
  }

  async put(key: UplinkKey, value: JsonValue): Promise<void> {
    const failure = this.#failures.shift();
    if (failure !== undefined) throw failure;
    this.puts.push({ key: `${key.type}/${key.name}`, value: structuredClone(value) as JsonValue });
  }

  async forget(key: UplinkKey): Promise<void> {
    this.forgotten.push(`${key.type}/${key.name}`);
  }

  pending(): number {
    return 0;
  }

  last(key: string): JsonValue | undefined {
    return this.puts.findLast((put) => put.key === key)?.value;
  }
}
