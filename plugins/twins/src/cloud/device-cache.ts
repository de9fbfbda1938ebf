import {
  type Device,
  type DeviceModel,
  deviceModelResource,
  deviceResource,
  type KubeApi,
  type KubeObject,
} from "@skerry/contracts";

/** `namespace/name`. */
export type DeviceKey = string;

export function deviceKey({ metadata: { namespace, name } }: KubeObject): DeviceKey {
  return `${namespace ?? "default"}/${name}`;
}

/** The Devices and DeviceModels as last seen. It may be behind: whoever writes gives the resourceVersion it read. */
export class DeviceCache {
  readonly #devices = new Map<DeviceKey, Device>();
  readonly #models = new Map<string, DeviceModel>();
  #modelsKnown = false;

  /** The models were listed: one that is not here does not exist. */
  get modelsKnown(): boolean {
    return this.#modelsKnown;
  }

  /**
   * Follows the API until the watch is disposed.
   *
   * @param changed something about this device is to be looked at
   */
  watch(kube: KubeApi, changed: (key: DeviceKey) => void, removed: (key: DeviceKey) => void): Disposable[] {
    const models = kube.watch(deviceModelResource, {
      upsert: (object) => this.#modelChanged(object.metadata.name, object as DeviceModel, changed),
      remove: (object) => this.#modelChanged(object.metadata.name, undefined, changed),
      synced: () => {
        this.#modelsKnown = true;
        for (const key of this.#devices.keys()) changed(key);
      },
    });
    const devices = kube.watch(deviceResource, {
      upsert: (object) => {
        this.put(object as Device);
        changed(deviceKey(object));
      },
      remove: (object) => {
        this.#devices.delete(deviceKey(object));
        removed(deviceKey(object));
      },
      synced: () => undefined,
    });
    return [models, devices];
  }

  /** Remembers what the API just answered. */
  put(device: Device): void {
    this.#devices.set(deviceKey(device), device);
  }

  forget(key: DeviceKey): void {
    this.#devices.delete(key);
  }

  device(key: DeviceKey): Device | undefined {
    return this.#devices.get(key);
  }

  devices(): readonly Device[] {
    return [...this.#devices.values()];
  }

  model(name: string): DeviceModel | undefined {
    return this.#models.get(name);
  }

  #modelChanged(name: string, model: DeviceModel | undefined, changed: (key: DeviceKey) => void): void {
    if (model === undefined) this.#models.delete(name);
    else this.#models.set(name, model);
    if (!this.#modelsKnown) return;
    for (const [key, device] of this.#devices) if (device.spec.model === name) changed(key);
  }
}
