import { StatusError } from "../../api/status-error.ts";
import { memberAt } from "../../printing/member-at.ts";
import type { ApiObject } from "../../registry/api-object.ts";
import { configMapKind, namespaceKind } from "../../registry/builtin/index.ts";
import { rootCaName as name } from "../../registry/builtin/pod/service-account-admission.ts";
import type { Controller, ControllerParts } from "../runtime/controller.ts";
import { ReconcileLoop } from "../runtime/reconcile-loop.ts";

type Parts = Pick<ControllerParts, "objects" | "clock" | "logger" | "rootCa">;

/** Keeps the authority of this API in every namespace that is not going away, for those who are given tokens. */
export class RootCa implements Controller {
  readonly #objects: Parts["objects"];
  readonly #data: { readonly "ca.crt": string };
  readonly #loop: ReconcileLoop;

  constructor(parts: Parts) {
    this.#objects = parts.objects;
    this.#data = { "ca.crt": parts.rootCa };
    this.#loop = new ReconcileLoop("root-ca-cert-publisher", parts, (namespace) => this.#reconcile(namespace));
  }

  start(): void {
    this.#objects.watch(namespaceKind, ({ after }) => {
      if (after !== undefined) this.#loop.touch(after.metadata.name);
    });
    this.#objects.watch(configMapKind, ({ before, after }) => {
      const { metadata } = (after ?? before) as ApiObject;
      if (metadata.name === name) this.#loop.touch(metadata.namespace ?? "");
    });
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #reconcile(namespace: string): Promise<void> {
    const found = this.#objects.get(namespaceKind, { name: namespace });
    if (found === undefined || found.metadata.deletionTimestamp !== undefined) return;
    const present = this.#objects.get(configMapKind, { namespace, name });
    try {
      if (present === undefined) {
        await this.#objects.create(configMapKind, { metadata: { name, namespace }, data: this.#data });
      } else if (memberAt(present, "data", "ca.crt") !== this.#data["ca.crt"]) {
        await this.#objects.change(configMapKind, { namespace, name }, (map) => ({ ...map, data: this.#data }));
      }
    } catch (error) {
      // Somebody else was faster, or the namespace is going: then there is nothing left to do, or it is seen again.
      if (!(error instanceof StatusError && [403, 404, 409].includes(error.code))) throw error;
    }
  }
}
