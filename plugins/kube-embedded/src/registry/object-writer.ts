import type { Clock, Random } from "@skerry/contracts";
import {
  alreadyExists,
  badRequest,
  conflict,
  forbidden,
  invalid,
  methodNotAllowed,
  noSuchPath,
  notFound,
  StatusError,
} from "../api/status-error.ts";
import type { JsonValue } from "../kinds.ts";
import { admitCreate, admitUpdate } from "./admission.ts";
import { type ApiObject, objectKey, withMetadata } from "./api-object.ts";
import { generatedName } from "./generated-name.ts";
import type { KindRegistry } from "./kind-registry.ts";
import { requiredValue } from "./names.ts";
import { type DecodeInput, type DecodeOptions, decodeObject } from "./object-decoder.ts";
import type { ObjectStore } from "./object-store.ts";
import { definitionStorage, type ServedKind } from "./served-kind.ts";
import type { WriteTarget } from "./strategy.ts";
import { type Deletion, type DeletionWish, namespaceState, Termination } from "./termination.ts";
import type { Transaction } from "./transaction.ts";

export interface WriteOptions extends DecodeOptions {
  /** Everything but the writing. */
  readonly dryRun: boolean;
}

export interface ObjectAddress {
  readonly kind: ServedKind;
  readonly namespace?: string | undefined;
  readonly name: string;
}

export interface Preconditions {
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
}

/** A deletion of one object; `{}` is one without conditions and with everything as it is by default. */
export interface DeleteRequest extends Preconditions, DeletionWish {
  readonly dryRun?: boolean;
}

/** Creates, replaces, changes and deletes objects; everything it returns is in the served form and durable. */
export class ObjectWriter {
  readonly #store: ObjectStore;
  readonly #kinds: KindRegistry;
  readonly #clock: Clock;
  readonly #random: Random;

  constructor(store: ObjectStore, kinds: KindRegistry, clock: Clock, random: Random) {
    this.#store = store;
    this.#kinds = kinds;
    this.#clock = clock;
    this.#random = random;
  }

  async create(
    kind: ServedKind,
    namespace: string | undefined,
    input: DecodeInput,
    options: WriteOptions,
  ): Promise<ApiObject> {
    const object = placed(kind, namespace, decodeObject(kind, input, options));
    const stored = await this.#run(options.dryRun, (transaction) => this.#create(transaction, kind, object));
    return shown(kind, stored, options);
  }

  /** Replaces an object. `created` when it did not exist and its kind allows that. */
  async update(
    address: ObjectAddress,
    target: WriteTarget,
    input: DecodeInput,
    options: WriteOptions,
  ): Promise<{ readonly object: ApiObject; readonly created: boolean }> {
    const { kind } = address;
    const next = placed(kind, address.namespace, decodeObject(kind, input, options));
    if (next.metadata.name !== address.name) {
      const names = `(${next.metadata.name}) does not match the name on the URL (${address.name})`;
      throw badRequest(`the name of the object ${names}`);
    }
    const { stored, created } = await this.#run(options.dryRun, (transaction) => {
      const old = transaction.get(kind.storage, objectKey(address.namespace, address.name));
      if (old !== undefined) return { stored: this.#replace(transaction, kind, old, next, target), created: false };
      if (!kind.strategy.createsOnUpdate || next.metadata.uid !== undefined) throw notFound(kind.info, address.name);
      return { stored: this.#create(transaction, kind, next), created: true };
    });
    return { object: shown(kind, stored, options), created };
  }

  /** Changes an object by a function of its present state; the state cannot change in between. */
  async patch(
    address: ObjectAddress,
    target: WriteTarget,
    change: (object: ApiObject) => JsonValue,
    options: WriteOptions,
  ): Promise<ApiObject> {
    const { kind } = address;
    const stored = await this.#run(options.dryRun, (transaction) => {
      const old = this.#existing(transaction, address);
      const value = change(kind.encode(old));
      const next = placed(
        kind,
        address.namespace,
        decodeObject(kind, { value, duplicates: [], source: "patch" }, options),
      );
      if (next.metadata.name !== address.name) throw badRequest("the name of the object may not be changed by a patch");
      return this.#replace(transaction, kind, old, next, target);
    });
    return shown(kind, stored, options);
  }

  async delete(address: ObjectAddress, request: DeleteRequest = {}): Promise<Deletion> {
    const { kind } = address;
    const deletion = await this.#run(request.dryRun ?? false, (transaction) => {
      const old = this.#existing(transaction, address);
      this.#checkDeletable(kind, old, request);
      return this.#termination(transaction).delete(kind.storage, old, request);
    });
    return { ...deletion, object: kind.encode(deletion.object) };
  }

  /** Deletes the objects that match, all in one transaction, and returns their last state. */
  async deleteCollection(
    kind: ServedKind,
    namespace: string | undefined,
    matches: (object: ApiObject) => boolean,
    request: DeleteRequest = {},
  ): Promise<readonly ApiObject[]> {
    return this.#run(request.dryRun ?? false, (transaction) => {
      const objects = transaction.list(kind.storage, namespace).filter((object) => matches(kind.encode(object)));
      for (const object of objects) this.#checkDeletable(kind, object, request);
      const termination = this.#termination(transaction);
      return objects.map((object) => kind.encode(termination.delete(kind.storage, object, request).object));
    });
  }

  /** Removes objects outright, without finalizers, in one transaction: what has outlived its time. */
  async expire(storage: string, outlived: (object: ApiObject) => boolean): Promise<number> {
    return this.#run(false, (transaction) => {
      const objects = transaction.list(storage).filter(outlived);
      for (const object of objects) transaction.remove(storage, object);
      return objects.length;
    });
  }

  /** The present moment as `metav1.Time`. */
  now(): string {
    return `${new Date(this.#clock.now()).toISOString().slice(0, 19)}Z`;
  }

  #run<T>(dryRun: boolean, action: (transaction: Transaction) => T): Promise<T> {
    return dryRun ? Promise.resolve().then(() => this.#store.rehearse(action)) : this.#store.commit(action);
  }

  #create(transaction: Transaction, kind: ServedKind, input: ApiObject): ApiObject {
    const object = this.#named(transaction, kind, input);
    const { name, namespace } = object.metadata;
    this.#checkPlace(transaction, kind, object);
    const generateName = (prefix: string) => generatedName(prefix, this.#random);
    const birth = { uid: this.#random.uuid(), generateName, ...this.#context(transaction) };
    const admitted = admitCreate(kind, object, birth);
    if (transaction.get(kind.storage, objectKey(namespace, name)) !== undefined) throw alreadyExists(kind.info, name);
    return transaction.put(kind.storage, kind.decode(admitted));
  }

  #replace(
    transaction: Transaction,
    kind: ServedKind,
    old: ApiObject,
    next: ApiObject,
    target: WriteTarget,
  ): ApiObject {
    const before = kind.encode(old);
    const after = admitUpdate(kind, next, before, target, this.#context(transaction));
    if (after === before) return old;
    const stored = transaction.put(kind.storage, kind.decode(after));
    this.#termination(transaction).settle(kind.storage, stored);
    return stored;
  }

  #existing(transaction: Transaction, { kind, namespace, name }: ObjectAddress): ApiObject {
    const object = transaction.get(kind.storage, objectKey(namespace, name));
    if (object === undefined) throw notFound(kind.info, name);
    return object;
  }

  #named(transaction: Transaction, kind: ServedKind, object: ApiObject): ApiObject {
    const { name, generateName, namespace } = object.metadata;
    if (name !== "") return object;
    if (generateName === undefined) {
      throw invalid(kind.info, "", [requiredValue("metadata.name", "name or generateName is required")]);
    }
    for (let attempt = 0; attempt < 8; attempt++) {
      const generated = generatedName(generateName, this.#random);
      if (transaction.get(kind.storage, objectKey(namespace, generated)) !== undefined) continue;
      return withMetadata(object, { name: generated });
    }
    throw alreadyExists(kind.info, generateName);
  }

  #checkPlace(transaction: Transaction, kind: ServedKind, object: ApiObject): void {
    const { name, namespace } = object.metadata;
    if (namespace !== undefined) {
      const state = namespaceState(transaction, namespace);
      if (state === "absent") throw notFound({ group: "", plural: "namespaces" }, namespace);
      if (state === "terminating") throw terminatingNamespace(kind, name, namespace);
    }
    if (!kind.strategy.custom) return;
    // The definition may be going, or gone, in a write that is not durable yet.
    const definition = transaction.get(definitionStorage, `/${kind.info.plural}.${kind.info.group}`);
    if (definition === undefined) throw noSuchPath();
    if (definition.metadata.deletionTimestamp !== undefined) {
      throw methodNotAllowed("create not allowed while custom resource definition is terminating");
    }
  }

  #checkDeletable(kind: ServedKind, object: ApiObject, { uid, resourceVersion }: Preconditions): void {
    const { name, uid: realUid, resourceVersion: realVersion } = object.metadata;
    const why = kind.strategy.undeletable(name);
    if (why !== undefined) throw forbidden(kind.info, name, why);
    if (uid !== undefined && uid !== realUid) {
      const found = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${realUid}`;
      throw conflict(kind.info, name, found);
    }
    if (resourceVersion !== undefined && resourceVersion !== realVersion) {
      const versions = `${resourceVersion}, ResourceVersion in object meta: ${realVersion}`;
      throw conflict(kind.info, name, `Precondition failed: ResourceVersion in precondition: ${versions}`);
    }
  }

  #context(transaction: Transaction) {
    return { now: this.now(), list: (storage: string) => transaction.list(storage) };
  }

  #termination(transaction: Transaction): Termination {
    return new Termination(transaction, this.now(), (storage) => this.#kinds.strategyOf(storage));
  }
}

function shown(kind: ServedKind, stored: ApiObject, options: WriteOptions): ApiObject {
  for (const warning of kind.strategy.warnings(stored)) options.warn(warning);
  return kind.encode(stored);
}

/** Puts an object into the namespace of the URL; `400` when it names another. */
function placed(kind: ServedKind, namespace: string | undefined, object: ApiObject): ApiObject {
  const named = object.metadata.namespace;
  if (!kind.info.namespaced) return named === undefined ? object : withMetadata(object, { namespace: undefined });
  if (named !== undefined && named !== namespace) {
    throw badRequest(
      `the namespace of the provided object does not match the namespace sent on the request (${named} and ${namespace})`,
    );
  }
  return named === undefined ? withMetadata(object, { namespace }) : object;
}

function terminatingNamespace(kind: ServedKind, name: string, namespace: string): StatusError {
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const error = forbidden(kind.info, name, why);
  const cause = {
    reason: "NamespaceTerminating",
    message: `namespace ${namespace} is being terminated`,
    field: "metadata.namespace",
  };
  return new StatusError(error.code, error.reason, error.message, { ...error.details, causes: [cause] });
}
