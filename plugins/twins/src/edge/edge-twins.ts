import {
  Clock,
  type Device,
  type DeviceModel,
  deviceResource,
  LinkState,
  Logger,
  MessageBus,
  NodeInfo,
  type ObjectRef,
  Replica,
  Storage,
  settingsToken,
  type TwinDriver,
  type TwinListener,
  type TwinName,
  type TwinSession,
  type Twins,
  Uplink,
} from "@skerry/contracts";
import { defineToken, inject, optional, type Startable, type Stoppable } from "@skerry/plugin";
import { errors } from "../errors.ts";
import { cloudOrigin, HybridClock } from "../shared/hybrid-clock.ts";
import { twinUplinkType } from "../shared/twin-report.ts";
import { asDevice, asDeviceModel, deviceKinds, modelRef, twinName } from "./device-objects.ts";
import { SetRequests } from "./set-requests.ts";
import { Twin, type TwinParts } from "./twin.ts";
import { TwinPublisher } from "./twin-publisher.ts";
import type { TwinRecord } from "./twin-record.ts";
import { TwinStore } from "./twin-store.ts";
import { clearTopics } from "./twin-topics.ts";

export interface EdgeTwinsSettings {
  readonly storeReportedAfterMs: number;
  readonly reportIntervalMs: number;
}

/** For the plugin's own classes. */
export const EdgeTwinsToken = defineToken<EdgeTwins>("twins.edge-twins/1");

const Settings = settingsToken<EdgeTwinsSettings>();

/** The twins of the devices bound to this node: a reconciler from the replica's Devices and DeviceModels. */
export class EdgeTwins implements Twins, Startable, Stoppable {
  readonly #twins = new Map<TwinName, Twin>();
  readonly #listeners = new Set<TwinListener>();
  /** Removals under way, which a device of the same name waits for. */
  readonly #leaving = new Map<TwinName, Promise<void>>();
  readonly #watches: Disposable[] = [];
  readonly #parts: TwinParts;
  readonly #requests: SetRequests;
  #stored = new Map<TwinName, TwinRecord>();
  #state: "starting" | "started" | "stopped" = "starting";

  constructor(
    @inject(NodeInfo) private readonly node: NodeInfo,
    @inject(Replica) private readonly replica: Replica,
    @inject(Uplink) private readonly uplink: Uplink,
    @inject(MessageBus) bus: MessageBus,
    @inject(Storage) storage: Storage,
    @inject(Clock) clock: Clock,
    @inject(Logger) private readonly logger: Logger,
    @inject(Settings) settings: EdgeTwinsSettings,
    @inject(optional(LinkState)) private readonly link: LinkState | undefined,
  ) {
    const publisher = new TwinPublisher(bus, logger);
    const records = new TwinStore(storage, clock, logger, settings.storeReportedAfterMs);
    const versions = new HybridClock(clock, node.name);
    const intervalMs = settings.reportIntervalMs;
    this.#parts = { node: node.name, clock, versions, logger, publisher, records, uplink, intervalMs };
    this.#requests = new SetRequests(bus, publisher, (name) => this.#twins.get(name));
  }

  async start(): Promise<void> {
    if (this.node.name === cloudOrigin) throw errors.create("SKERRY_TWINS_NODE_NAME", { name: this.node.name });
    this.#stored = new Map(await this.#parts.records.load());
    for (const { desired, reported } of this.#stored.values()) {
      for (const { version } of [...desired.values(), ...reported.values()]) this.#parts.versions.trust(version);
    }
    this.#watches.push(this.replica.watch(deviceKinds, (ref) => this.#changed(ref)));
    await this.#forgetOthers();
    for (const twin of this.#twins.values()) twin.publish();
    this.#state = "started";
    await this.#requests.start();
    // What the cloud concluded from this node's absence, only a new report puts right.
    if (this.link) this.#watches.push(this.link.watch(({ state }) => state === "online" && this.#announce()));
  }

  async stop(): Promise<void> {
    this.#state = "stopped";
    for (const watch of this.#watches.splice(0)) watch[Symbol.dispose]();
    await this.#requests.stop();
    await Promise.all([...this.#twins.values()].map((twin) => twin.close()));
    await Promise.all(this.#leaving.values());
    await this.#parts.records.flush();
  }

  watch(listener: TwinListener): Disposable {
    this.#listeners.add(listener);
    for (const { definition } of [...this.#twins.values()]) if (definition) listener.changed(definition);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  attach(name: TwinName, driver: TwinDriver): TwinSession {
    return this.#twins.get(name)?.attach(driver) ?? deadSession;
  }

  /** All twins, by name. */
  all(): readonly Twin[] {
    return [...this.#twins.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  get(name: TwinName): Twin | undefined {
    return this.#twins.get(name);
  }

  #changed(ref: ObjectRef): void {
    if (this.#state === "stopped") return;
    if (ref.kind === deviceResource.kind) this.#reconcile(twinName(ref));
    else this.#reconcileModel(ref.name);
  }

  #reconcileModel(model: string): void {
    for (const object of this.replica.list(deviceResource)) {
      if (asDevice(object)?.spec.model === model) this.#reconcile(twinName(object.metadata));
    }
  }

  #reconcile(name: TwinName): void {
    const device = this.#device(name);
    const twin = this.#twins.get(name);
    if (twin !== undefined && twin.uid !== (device?.metadata.uid ?? "")) this.#remove(twin);
    if (device === undefined) return;
    const model = this.#model(device);
    const known = this.#twins.get(name);
    if (known === undefined) this.#add(name, device, model);
    else this.#follow(known, device, model);
  }

  #follow(twin: Twin, device: Device, model: DeviceModel | undefined): void {
    const had = twin.definition !== undefined;
    const isNews = twin.follow(device, model);
    if (had && twin.definition === undefined) this.#tell((listener) => listener.gone(twin.name));
    else if (isNews) this.#tellChanged(twin);
  }

  #add(name: TwinName, device: Device, model: DeviceModel | undefined): void {
    const stored = this.#stored.get(name);
    const isSame = stored !== undefined && stored.uid === (device.metadata.uid ?? "");
    const twin = new Twin(name, device, isSame ? stored : undefined, this.#parts, this.#leaving.get(name));
    if (isSame) this.#stored.delete(name);
    this.#twins.set(name, twin);
    twin.follow(device, model);
    if (this.#state === "started") twin.publish();
    twin.announce();
    this.#tellChanged(twin);
  }

  #remove(twin: Twin): void {
    this.#twins.delete(twin.name);
    if (twin.definition) this.#tell((listener) => listener.gone(twin.name));
    const leaving = twin
      .remove()
      .catch((error: unknown) => this.logger.error("a twin was not removed cleanly", { twin: twin.name, error }))
      .finally(() => {
        if (this.#leaving.get(twin.name) === leaving) this.#leaving.delete(twin.name);
      });
    this.#leaving.set(twin.name, leaving);
  }

  /** Removes what is stored of devices that left while this node was down. */
  async #forgetOthers(): Promise<void> {
    for (const [name, record] of this.#stored) {
      clearTopics(this.#parts.publisher, name, record);
      if (this.#twins.has(name)) continue;
      await this.uplink.forget({ type: twinUplinkType, name });
      await this.#parts.records.remove(name);
    }
    this.#stored.clear();
  }

  #device(name: TwinName): Device | undefined {
    const [namespace = "", device = ""] = name.split("/");
    const { group, kind } = deviceResource;
    const object = this.replica.get({ group, kind, namespace, name: device });
    const found = asDevice(object);
    if (object !== undefined && found === undefined) this.logger.warn("a Device cannot be read", { device: name });
    return found?.spec.nodeName === this.node.name ? found : undefined;
  }

  #model(device: Device): DeviceModel | undefined {
    const object = this.replica.get(modelRef(device.spec.model));
    const model = asDeviceModel(object);
    if (object && !model) this.logger.warn("a DeviceModel cannot be read", { model: device.spec.model });
    return model;
  }

  #announce(): void {
    for (const twin of this.#twins.values()) twin.announce();
  }

  #tellChanged({ definition }: Twin): void {
    if (definition !== undefined) this.#tell((listener) => listener.changed(definition));
  }

  #tell(call: (listener: TwinListener) => void): void {
    for (const listener of [...this.#listeners]) {
      try {
        call(listener);
      } catch (error) {
        this.logger.error("a listener of the twins threw", { error });
      }
    }
  }
}

/** What a driver gets whose twin left in the meantime. */
const deadSession: TwinSession = {
  report: () => undefined,
  settle: () => undefined,
  condition: () => undefined,
  [Symbol.dispose]: () => undefined,
};
