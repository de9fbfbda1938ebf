import {
  type KeyValueStore,
  type KubeObject,
  type Logger,
  type ObjectRef,
  type Replica,
  type ReplicaKind,
  refKey,
  refOf,
  type Sealer,
  type Storage,
  type Write,
} from "@skerry/contracts";
import { errorCode, errorMessage } from "@skerry/plugin";
import { fromStored, toStored } from "./confidential.ts";
import { type Digest, objectDigest, rootDigest } from "./digest.ts";

/** One step of what the cloud says a node should hold. */
export type ReplicaChange =
  | { readonly type: "put"; readonly key: string; readonly object: KubeObject }
  | { readonly type: "remove"; readonly key: string };

interface Held {
  readonly object: KubeObject;
  readonly digest: Digest;
}

interface Watcher {
  readonly kinds: readonly ReplicaKind[];
  readonly changed: (ref: ObjectRef) => void;
}

/** The node's copy of its objects: in memory for reading, on disk before anybody is told. */
export class ReplicaStore implements Replica {
  readonly #log: Logger;
  readonly #held = new Map<string, Held>();
  readonly #watchers = new Set<Watcher>();
  readonly #sealer: Sealer;
  #store: KeyValueStore | undefined;

  /** @param sealer of Secrets, on disk */
  constructor(log: Logger, sealer: Sealer) {
    this.#log = log;
    this.#sealer = sealer;
  }

  /** Loads what is on disk. Needs no cloud. */
  async open(storage: Storage): Promise<void> {
    this.#store = await storage.open("replica");
    const bare: KubeObject[] = [];
    const lost = new Map<string, { readonly keys: string[]; readonly error: unknown }>();
    for (const { key, value } of await this.#store.range()) {
      try {
        const { object, isBare } = fromStored(key, value, this.#sealer);
        this.#held.set(key, { object, digest: objectDigest(object) });
        if (isBare) bare.push(object);
      } catch (error) {
        const code = errorCode(error) ?? "";
        const { keys } = lost.get(code) ?? { keys: [] };
        lost.set(code, { keys: [...keys, key], error });
      }
    }
    // What cannot be read is left on disk and asked for again: its key is missing from the digests.
    for (const { keys, error } of lost.values())
      this.#log.error("objects of the replica cannot be read; the cloud will be asked for them", { keys, error });
    await this.#store.write(bare.map((object) => this.#toWrite({ type: "put", key: refKey(refOf(object)), object })));
  }

  get(ref: ObjectRef): KubeObject | undefined {
    return this.#held.get(refKey(ref))?.object;
  }

  list(kind: ReplicaKind): readonly KubeObject[] {
    return [...this.#held.values()].map(({ object }) => object).filter((object) => isOf(kind, refOf(object)));
  }

  watch(kinds: readonly ReplicaKind[], changed: (ref: ObjectRef) => void): Disposable {
    const watcher: Watcher = { kinds, changed };
    this.#watchers.add(watcher);
    for (const { object } of [...this.#held.values()]) this.#tell(watcher, refOf(object));
    return { [Symbol.dispose]: () => void this.#watchers.delete(watcher) };
  }

  /** What is held, in the order of the keys. */
  refs(): readonly ObjectRef[] {
    return [...this.#held].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, { object }]) => refOf(object));
  }

  digests(): ReadonlyMap<string, Digest> {
    return new Map([...this.#held].map(([key, { digest }]) => [key, digest]));
  }

  root(): Digest {
    return rootDigest(this.digests());
  }

  /** Makes changes durable in one step, then visible, then known. */
  async apply(changes: readonly ReplicaChange[]): Promise<void> {
    await this.#store?.write(changes.map((change) => this.#toWrite(change)));
    for (const change of changes) {
      const before = this.#held.get(change.key);
      if (change.type === "put")
        this.#held.set(change.key, { object: change.object, digest: objectDigest(change.object) });
      else this.#held.delete(change.key);
      const object = change.type === "put" ? change.object : before?.object;
      if (!object) continue;
      for (const watcher of [...this.#watchers]) this.#tell(watcher, refOf(object));
    }
  }

  #toWrite(change: ReplicaChange): Write {
    if (change.type === "remove") return { type: "delete", key: change.key };
    return { type: "put", key: change.key, value: toStored(change.object, this.#sealer) };
  }

  #tell(watcher: Watcher, ref: ObjectRef): void {
    if (!watcher.kinds.some((kind) => isOf(kind, ref))) return;
    try {
      watcher.changed(ref);
    } catch (error) {
      this.#log.error("a watcher of the replica failed", { key: refKey(ref), error: errorMessage(error) });
    }
  }
}

function isOf({ group, kind }: ReplicaKind, ref: ObjectRef): boolean {
  return ref.group === group && ref.kind === kind;
}
