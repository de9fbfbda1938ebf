import { notFound, StatusError } from "../../api/status-error.ts";
import type { JsonObject } from "../../kinds.ts";
import { type ApiObject, objectKey } from "../../registry/api-object.ts";
import type { ObjectStore } from "../../registry/object-store.ts";
import type { ObjectWriter, WriteOptions } from "../../registry/object-writer.ts";
import type { ServedKind } from "../../registry/served-kind.ts";
import type { WriteTarget } from "../../registry/strategy.ts";
import type { DeletionWish } from "../../registry/termination.ts";

export interface ObjectChange {
  /** As it was; absent when it is new. */
  readonly before?: ApiObject;
  /** As it is; absent when it is gone. */
  readonly after?: ApiObject;
}

/** Names one object, and by its uid one life of it. */
export interface Identity {
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly uid?: string | undefined;
}

const strictly: WriteOptions = { dryRun: false, fieldValidation: "Strict", warn: () => {} };
/** What is stored may have fields that its definition has since lost. */
const leniently: WriteOptions = { ...strictly, fieldValidation: "Ignore" };

/**
 * The API as a controller sees it: reads from memory, durable writes through the same admission and validation as a
 * client's, and every change in order. Writes reject with `StatusError`.
 */
export class ClusterObjects {
  readonly #store: ObjectStore;
  readonly #writer: ObjectWriter;

  constructor(store: ObjectStore, writer: ObjectWriter) {
    this.#store = store;
    this.#writer = writer;
  }

  get(kind: ServedKind, { namespace, name, uid }: Identity): ApiObject | undefined {
    const found = this.#store.collection(kind.storage).get(objectKey(namespace, name));
    return uid === undefined || found?.metadata.uid === uid ? found : undefined;
  }

  /** By namespace and name; of one namespace only when it is given. */
  list(kind: ServedKind, namespace?: string): readonly ApiObject[] {
    return this.#store.collection(kind.storage).list(namespace);
  }

  create(kind: ServedKind, object: JsonObject & { readonly metadata: JsonObject }): Promise<ApiObject> {
    const { namespace } = object.metadata;
    const input = { value: object, duplicates: [], source: "body" } as const;
    return this.#writer.create(kind, typeof namespace === "string" ? namespace : undefined, input, strictly);
  }

  /**
   * Replaces an object, or its status alone, or a Pod's place (target `binding`, with the function `bound`), by a
   * function of its newest state; giving the same object back writes nothing. `NotFound` when it is gone, or another
   * object has its name.
   */
  async change(
    kind: ServedKind,
    identity: Identity,
    change: (object: ApiObject) => ApiObject,
    target?: WriteTarget,
  ): Promise<ApiObject> {
    const { namespace, name, uid } = identity;
    const checked = (object: ApiObject) => {
      if (uid !== undefined && object.metadata.uid !== uid) throw notFound(kind.info, name);
      return change(object);
    };
    return this.#writer.patch({ kind, namespace, name }, target, checked, leniently);
  }

  /** Resolves also when it is already gone. A Pod on a node stays, marked, unless `gracePeriodSeconds` is 0. */
  async delete(kind: ServedKind, { namespace, name, uid }: Identity, wish: DeletionWish = {}): Promise<void> {
    try {
      await this.#writer.delete({ kind, namespace, name }, { ...wish, uid });
    } catch (error) {
      // 409: an object of another uid has its name.
      if (!(error instanceof StatusError && (error.code === 404 || error.code === 409))) throw error;
    }
  }

  /** Calls for every object there is (before returning), then for every change. */
  watch(kind: ServedKind, changed: (change: ObjectChange) => void): void {
    for (const object of this.list(kind)) changed({ after: object });
    this.watchAll((storage, change) => {
      if (storage === kind.storage) changed(change);
    });
  }

  /** Calls for every later change of any kind; `storage` is `group/plural`. */
  watchAll(changed: (storage: string, change: ObjectChange) => void): void {
    this.#store.onChange(({ storage, type, object, previous }) => {
      const before = previous === undefined ? {} : { before: previous };
      changed(storage, type === "DELETED" ? before : { ...before, after: object });
    });
  }

  /** The present moment as `metav1.Time`. */
  now(): string {
    return this.#writer.now();
  }
}
