import { resolve } from "node:path";
import {
  Clock,
  Logger,
  NodeInfo,
  TcpNetwork,
  type TwinDefinition,
  type TwinListener,
  type TwinName,
  Twins,
} from "@skerry/contracts";
import { inject, type Startable, type Stoppable } from "@skerry/plugin";
import { MapperSettings } from "../settings.ts";
import { DeviceHost, type DeviceHostParts, type DeviceStatus } from "./device-host.ts";
import { MapperStore } from "./mapper-store.ts";

/** Runs a guest for every device on this node. What one guest does concerns no other. */
export class MapperHost implements Startable, Stoppable, TwinListener {
  readonly #parts: DeviceHostParts;
  readonly #devices = new Map<TwinName, DeviceHost>();
  readonly #stopping = new Set<Promise<void>>();
  #watch: Disposable | undefined;

  constructor(
    @inject(Twins) twins: Twins,
    @inject(TcpNetwork) network: TcpNetwork,
    @inject(Clock) clock: Clock,
    @inject(Logger) logger: Logger,
    @inject(NodeInfo) node: NodeInfo,
    @inject(MapperSettings) settings: Readonly<MapperSettings>,
  ) {
    const { memoryPages, fuelPerCall, effectsPerCall } = settings;
    const store = new MapperStore(resolve(node.home, settings.directory), { memoryPages, fuelPerCall, effectsPerCall });
    this.#parts = { twins, network, clock, logger, settings, store };
  }

  get devices(): readonly DeviceStatus[] {
    return [...this.#devices.values()].map(({ status }) => status);
  }

  get directory(): string {
    return this.#parts.store.directory;
  }

  async start(): Promise<void> {
    this.#watch = this.#parts.twins.watch(this);
  }

  async stop(): Promise<void> {
    this.#watch?.[Symbol.dispose]();
    for (const name of [...this.#devices.keys()]) this.gone(name);
    await Promise.all(this.#stopping);
  }

  changed(twin: TwinDefinition): void {
    const device = this.#devices.get(twin.name);
    if (device) device.change(twin);
    else this.#devices.set(twin.name, new DeviceHost(this.#parts, twin));
  }

  gone(name: TwinName): void {
    const device = this.#devices.get(name);
    if (!device) return;
    this.#devices.delete(name);
    const stopping = device.stop().finally(() => this.#stopping.delete(stopping));
    this.#stopping.add(stopping);
  }
}
