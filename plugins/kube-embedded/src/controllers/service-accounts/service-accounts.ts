import { StatusError } from "../../api/status-error.ts";
import { namespaceKind, serviceAccountKind } from "../../registry/builtin/index.ts";
import type { Controller, ControllerParts } from "../runtime/controller.ts";
import { ReconcileLoop } from "../runtime/reconcile-loop.ts";

type Parts = Pick<ControllerParts, "objects" | "clock" | "logger">;

const name = "default";

/** Keeps the ServiceAccount `default` in every namespace that is not going away. */
export class ServiceAccounts implements Controller {
  readonly #objects: Parts["objects"];
  readonly #loop: ReconcileLoop;

  constructor(parts: Parts) {
    this.#objects = parts.objects;
    this.#loop = new ReconcileLoop("serviceaccount-controller", parts, (namespace) => this.#reconcile(namespace));
  }

  start(): void {
    this.#objects.watch(namespaceKind, ({ after }) => {
      if (after !== undefined) this.#loop.touch(after.metadata.name);
    });
    this.#objects.watch(serviceAccountKind, ({ before, after }) => {
      if (after !== undefined || before?.metadata.name !== name) return;
      this.#loop.touch(before.metadata.namespace ?? "");
    });
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #reconcile(namespace: string): Promise<void> {
    const found = this.#objects.get(namespaceKind, { name: namespace });
    if (found === undefined || found.metadata.deletionTimestamp !== undefined) return;
    if (this.#objects.get(serviceAccountKind, { namespace, name }) !== undefined) return;
    try {
      await this.#objects.create(serviceAccountKind, { metadata: { name, namespace } });
    } catch (error) {
      // Somebody else made it, or the namespace is going: then there is nothing left to do.
      if (!(error instanceof StatusError && [403, 404, 409].includes(error.code))) throw error;
    }
  }
}
