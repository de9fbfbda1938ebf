import type { KubeObject, ListOptions, Resource, WatchHandlers } from "@skerry/contracts";
import { isSelected, resourceKey } from "./kube-objects.ts";

/** One watch of a `FakeKubeApi`. Handlers are called in microtasks, in the order of the changes. */
export class KubeWatcher implements Disposable {
  readonly #resource: Resource;
  readonly #handlers: WatchHandlers;
  readonly #options: ListOptions;
  readonly #known = new Map<string, KubeObject>();
  #isSynced = false;
  #isDisposed = false;

  constructor(resource: Resource, handlers: WatchHandlers, options: ListOptions) {
    this.#resource = resource;
    this.#handlers = handlers;
    this.#options = options;
  }

  concerns(resource: Resource): boolean {
    return resourceKey(resource) === resourceKey(this.#resource);
  }

  /** Tells the difference between what was told before and `objects`, as a fresh list does. */
  relist(objects: ReadonlyMap<string, KubeObject>): void {
    queueMicrotask(() => {
      for (const [key, object] of [...this.#known]) if (!objects.has(key)) this.#tell(key, undefined, object);
      for (const [key, object] of objects) this.#tell(key, object, object);
      if (this.#isSynced || this.#isDisposed) return;
      this.#isSynced = true;
      this.#handlers.synced();
    });
  }

  /** @param object what is there now; `last` is its last state when it is gone */
  changed(key: string, object: KubeObject | undefined, last: KubeObject): void {
    queueMicrotask(() => this.#tell(key, object, last));
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true;
  }

  #tell(key: string, object: KubeObject | undefined, last: KubeObject): void {
    if (this.#isDisposed) return;
    const known = this.#known.get(key);
    if (known !== undefined && object !== undefined && known.metadata.uid !== object.metadata.uid) {
      this.#known.delete(key);
      this.#handlers.remove(known);
    }
    if (object !== undefined && isSelected(object, this.#options)) {
      this.#known.set(key, object);
      if (known?.metadata.resourceVersion !== object.metadata.resourceVersion) this.#handlers.upsert(object);
    } else if (this.#known.delete(key)) {
      this.#handlers.remove(last);
    }
  }
}
