import { isDeepStrictEqual } from "node:util";
import { Clock, KubeApi, type KubeObject, Logger, settingsToken } from "@skerry/contracts";
import { errorCode, errorFamily, inject, type Startable, type Stoppable } from "@skerry/plugin";
import { edgeLabel, runtimeClassResource } from "../shared/pod-resources.ts";

export interface CloudPodsSettings {
  readonly installRuntimeClass: boolean;
}

const Settings = settingsToken<CloudPodsSettings>();

const retryMs = 1_000;

/** Pods of this class are WebAssembly programs, and run on edge nodes. */
export const wasmRuntimeClass: KubeObject = {
  apiVersion: "node.k8s.io/v1",
  kind: "RuntimeClass",
  metadata: { name: "wasm" },
  handler: "wasm",
  scheduling: { nodeSelector: { [edgeLabel]: "true" } },
};

/**
 * Installs the RuntimeClass `wasm` where there is none. An API that cannot be reached at the start is tried again until
 * the stop; one that refuses, or has another class of that name, is left as it is, with a line in the log.
 */
export class RuntimeClassInstaller implements Startable, Stoppable {
  readonly #stopping = new AbortController();
  #retrying: Promise<void> = Promise.resolve();

  constructor(
    @inject(KubeApi) private readonly kube: KubeApi,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
    @inject(Settings) private readonly settings: CloudPodsSettings,
  ) {}

  async start(): Promise<void> {
    if (!this.settings.installRuntimeClass) return;
    const failure = await this.#tried();
    if (failure === undefined) return;
    this.logger.warn("the RuntimeClass wasm is not installed yet; trying again", { error: failure });
    this.#retrying = this.#retry();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#retrying;
  }

  async #retry(): Promise<void> {
    const { signal } = this.#stopping;
    do {
      // Cut short by the stop, which ends the loop.
      await this.clock.sleep(retryMs, signal).catch(() => undefined);
    } while (!signal.aborted && (await this.#tried()) !== undefined);
  }

  /** @returns why it is to be tried again */
  async #tried(): Promise<unknown> {
    try {
      await this.#install();
    } catch (error) {
      if (errorFamily(error) === "unavailable") return error;
      this.logger.error("the RuntimeClass wasm was not installed", { error });
    }
    return undefined;
  }

  async #install(): Promise<void> {
    const found = await this.kube.get(runtimeClassResource, wasmRuntimeClass.metadata);
    if (found !== undefined) return this.#compare(found);
    try {
      await this.kube.create(wasmRuntimeClass, runtimeClassResource);
    } catch (error) {
      // Another cloud kernel was faster.
      if (errorCode(error) !== "SKERRY_KUBE_CONFLICT") throw error;
    }
  }

  #compare(found: KubeObject): void {
    const fields = ["handler", "scheduling"].filter(
      (field) => !isDeepStrictEqual(found[field], wasmRuntimeClass[field]),
    );
    if (fields.length === 0) return;
    this.logger.info("the RuntimeClass wasm is not as this kernel would make it; it is left alone", {
      differs: fields,
    });
  }
}
