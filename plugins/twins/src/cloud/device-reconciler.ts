import { Clock, KubeApi, Logger } from "@skerry/contracts";
import { errorFamily, inject, type Startable, type Stoppable } from "@skerry/plugin";
import type { DeviceCache, DeviceKey } from "./device-cache.ts";
import { DeviceCacheToken, type DeviceWriter, DeviceWriterToken } from "./device-writer.ts";
import { installDefinitions } from "./install-definitions.ts";

const retryMs = 1_000;

/** Installs the definitions of devices and keeps every Device in step with what is changed in the cloud. */
export class DeviceReconciler implements Startable, Stoppable {
  readonly #watches: Disposable[] = [];
  readonly #waiting = new Set<DeviceKey>();
  readonly #stopping = new AbortController();

  constructor(
    @inject(KubeApi) private readonly kube: KubeApi,
    @inject(DeviceCacheToken) private readonly cache: DeviceCache,
    @inject(DeviceWriterToken) private readonly writer: DeviceWriter,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
  ) {}

  async start(signal: AbortSignal): Promise<void> {
    await installDefinitions(this.kube, this.clock, signal);
    const changed = (key: DeviceKey) => this.#changed(key);
    const removed = (key: DeviceKey) => void this.#waiting.delete(key);
    this.#watches.push(...this.cache.watch(this.kube, changed, removed));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const watch of this.#watches.splice(0)) watch[Symbol.dispose]();
  }

  /** A device that waits for its turn is looked at as it is then, however often it changed. */
  #changed(key: DeviceKey): void {
    if (this.#waiting.has(key)) return;
    this.#waiting.add(key);
    queueMicrotask(() => void this.#reconcile(key));
  }

  async #reconcile(key: DeviceKey): Promise<void> {
    this.#waiting.delete(key);
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await this.writer.write(key);
        return;
      } catch (error) {
        if (signal.aborted) return;
        this.logger.warn("a Device was not brought in step", { device: key, error });
        if (errorFamily(error) !== "unavailable") return;
      }
      // Cut short by the stop, which ends the loop.
      await this.clock.sleep(retryMs, signal).catch(() => undefined);
    }
  }
}
