import { Clock, type Device, type DeviceStatus, deviceResource, KubeApi } from "@skerry/contracts";
import { defineToken, errorCode, errorFamily, errorMessage, inject, type Stoppable } from "@skerry/plugin";
import { errors } from "../errors.ts";
import { cloudOrigin, HybridClock } from "../shared/hybrid-clock.ts";
import type { TwinReport } from "../shared/twin-report.ts";
import type { DeviceCache, DeviceKey } from "./device-cache.ts";
import type { DeviceEvents } from "./device-events.ts";
import { planDevice } from "./device-plan.ts";
import { mergePatch } from "./merge-patch.ts";

/** For the plugin's own classes. */
export const DeviceWriterToken = defineToken<DeviceWriter>("twins.device-writer/1");
export const DeviceCacheToken = defineToken<DeviceCache>("twins.device-cache/1");
export const DeviceEventsToken = defineToken<DeviceEvents>("twins.device-events/1");

const fieldManager = "skerry-twins";
const attempts = 10;

/** What an edge says, after it was found to be allowed to. */
export interface NodeReport {
  readonly node: string;
  readonly report: TwinReport;
}

/** Throws when a Device, as it is now, must not be written for a report. */
export type Authorise = (device: Device | undefined) => void;

const anything: Authorise = () => undefined;

/** What a Device of the cache may be refused for that the Device in the API would not. */
const stale: readonly string[] = ["denied", "invalid"];

/**
 * Writes Devices, one change of one Device at a time. Every write is a compare-and-swap against what the plan was
 * made from; when the Device changed in between, it is read and planned again.
 *
 * When an edge's value wins, `spec.desired` is written before the status. A crash in between leaves a spec that
 * differs from the status, which reads as a change in the cloud to the very value the edge has: both ends agree.
 * The other order would leave a value in the status that the spec lacks, which reads as its removal.
 */
export class DeviceWriter implements Stoppable {
  readonly #versions: HybridClock;
  readonly #tails = new Map<DeviceKey, Promise<unknown>>();
  #stopped = false;

  constructor(
    @inject(KubeApi) private readonly kube: KubeApi,
    @inject(Clock) private readonly clock: Clock,
    @inject(DeviceCacheToken) private readonly cache: DeviceCache,
    @inject(DeviceEventsToken) private readonly events: DeviceEvents,
  ) {
    this.#versions = new HybridClock(clock, cloudOrigin);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.allSettled(this.#tails.values());
  }

  /**
   * The device, after `authorise` let it through; what the cache has is not trusted when it does not.
   * Rejects with what `authorise` throws.
   */
  async authorised(key: DeviceKey, authorise: Authorise): Promise<Device | undefined> {
    const cached = this.cache.device(key);
    if (cached !== undefined) {
      try {
        authorise(cached);
        return cached;
      } catch (error) {
        if (!stale.includes(errorFamily(error))) throw error;
      }
    }
    const device = await this.#fetch(key);
    authorise(device);
    return device;
  }

  /** Brings a Device in step with itself and with what its edge reports. Resolves when that is written. */
  write(key: DeviceKey, from?: NodeReport, authorise: Authorise = anything): Promise<void> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const write = before.then(() => this.#write(key, from, authorise));
    const tail = write
      .catch(() => undefined) // Whoever called hears of it; the next one must not.
      .finally(() => {
        if (this.#tails.get(key) === tail) this.#tails.delete(key);
      });
    this.#tails.set(key, tail);
    return write;
  }

  async #write(key: DeviceKey, from: NodeReport | undefined, authorise: Authorise): Promise<void> {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      if (this.#stopped) throw errors.create("SKERRY_TWINS_STOPPED", { device: key });
      try {
        if (attempt > 0) await this.#fetch(key);
        const device = await this.authorised(key, authorise);
        if (device !== undefined) await this.#bringInStep(device, from);
        return;
      } catch (error) {
        if (errorFamily(error) === "conflict") continue;
        // To the edge, "denied" would mean that its report is wrong; here it is the cloud's account that is.
        if (errorCode(error) !== "SKERRY_KUBE_FORBIDDEN") throw error;
        throw errors.create("SKERRY_TWINS_NOT_WRITTEN", { device: key, problem: errorMessage(error) }, error);
      }
    }
    throw errors.create("SKERRY_TWINS_CONTENDED", { device: key, attempts });
  }

  async #bringInStep(device: Device, from: NodeReport | undefined): Promise<void> {
    const planned = this.#plan(device, from);
    const specPatch = mergePatch(device.spec.desired ?? {}, planned.desired);
    if (specPatch === undefined) return this.#writeStatus(device, planned.status);
    const written = await this.#patch(device, { spec: { desired: specPatch } });
    await this.#writeStatus(written, this.#plan(written, from).status);
  }

  #plan(device: Device, from: NodeReport | undefined) {
    return planDevice(device, from?.report, {
      versions: this.#versions,
      now: new Date(this.clock.now()).toISOString(),
      ...(from === undefined ? {} : { node: from.node }),
      model: this.cache.model(device.spec.model),
      modelsKnown: this.cache.modelsKnown,
    });
  }

  async #writeStatus(device: Device, status: DeviceStatus): Promise<void> {
    const patch = mergePatch(device.status ?? {}, status);
    if (patch === undefined) return;
    const written = await this.#patch(device, { status: patch }, "status");
    this.events.changed(device, written);
  }

  async #patch(device: Device, change: object, subresource?: "status"): Promise<Device> {
    const { name, namespace = "default", resourceVersion, uid } = device.metadata;
    const body = { metadata: { resourceVersion, uid }, ...change };
    const options = { fieldManager, ...(subresource === undefined ? {} : { subresource }) };
    const written = (await this.kube.patch(deviceResource, { name, namespace }, body, options)) as Device;
    this.cache.put(written);
    return written;
  }

  async #fetch(key: DeviceKey): Promise<Device | undefined> {
    const [namespace = "", name = ""] = key.split("/");
    const device = (await this.kube.get(deviceResource, { namespace, name })) as Device | undefined;
    if (device === undefined) this.cache.forget(key);
    else this.cache.put(device);
    return device;
  }
}
