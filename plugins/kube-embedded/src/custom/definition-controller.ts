import type { Logger } from "@skerry/contracts";
import type { ApiObject } from "../registry/api-object.ts";
import type { KindRegistry } from "../registry/kind-registry.ts";
import type { ObjectStore } from "../registry/object-store.ts";
import { definitionStorage } from "../registry/served-kind.ts";
import { customKinds } from "./custom-kinds.ts";
import { specOf } from "./definition.ts";

/** Keeps the registry of kinds in step with the definitions, from the moment each is durable. */
export class DefinitionController {
  readonly #store: ObjectStore;
  readonly #kinds: KindRegistry;
  readonly #logger: Logger;

  constructor(store: ObjectStore, kinds: KindRegistry, logger: Logger) {
    this.#store = store;
    this.#kinds = kinds;
    this.#logger = logger;
  }

  start(): void {
    for (const definition of this.#store.collection(definitionStorage).list()) this.#serve(definition);
    this.#store.onChange(({ storage, type, object }) => {
      if (storage !== definitionStorage) return;
      if (type === "DELETED") this.#withdraw(object);
      else this.#serve(object);
    });
  }

  #serve(definition: ApiObject): void {
    try {
      this.#kinds.register(definition.metadata.name, customKinds(definition));
    } catch (error) {
      // One definition that cannot be served must not keep the others, nor a write that is durable, from going on.
      this.#logger.error("a definition cannot be served", { definition: definition.metadata.name, error });
      this.#kinds.register(definition.metadata.name, []);
    }
    this.#wakeWatches(definition);
  }

  #withdraw(definition: ApiObject): void {
    this.#kinds.register(definition.metadata.name, []);
    this.#wakeWatches(definition);
  }

  /** Watches of a version that is no longer served have to end. */
  #wakeWatches(definition: ApiObject): void {
    const { group, names } = specOf(definition);
    this.#store.collection(`${group}/${names.plural}`).history.notify();
  }
}
