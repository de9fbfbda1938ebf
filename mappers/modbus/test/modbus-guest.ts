import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { DeviceProperty } from "@skerry/contracts";
import { encodeConfig, encodeValue, type MapperEffect, type MapperEvent, parseMapperManifest } from "@skerry/mapper";
import { buildGuest } from "@skerry/mapper/build-guest";
import { type CompiledMapper, compileMapper, type GuestLimits, Guest as RunningGuest } from "@skerry/mappers-extism";

const limits: GuestLimits = { memoryPages: 16, fuelPerCall: 10_000_000, effectsPerCall: 64 };
const file = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
export const modbusWasm = file("build/modbus.wasm");
export const modbusManifest = file("mapper.json");

/** Compiles the mapper, unless that was done since its sources changed. */
export async function buildModbus(): Promise<void> {
  await buildGuest({ entry: file("guest/index.ts"), outFile: modbusWasm });
}

let compiled: Promise<CompiledMapper> | undefined;

async function compile(): Promise<CompiledMapper> {
  await buildModbus();
  const manifest = parseMapperManifest(await readFile(modbusManifest, "utf8"), "modbus");
  return compileMapper(manifest, await readFile(modbusWasm), limits);
}

export const number = (name: string, visit: DeviceProperty["visit"], more: Partial<DeviceProperty> = {}) =>
  ({ name, type: "number", access: "read", visit, ...more }) satisfies DeviceProperty;

export type Effect<T extends MapperEffect["type"]> = Extract<MapperEffect, { type: T }>;

/** The modbus guest without a host: a test brings events and looks at effects. */
export class ModbusGuest {
  readonly #guest: RunningGuest;
  #transaction = "0000";
  /** Effects of the last event. */
  effects: readonly MapperEffect[] = [];
  fuel = 0;

  private constructor(guest: RunningGuest) {
    this.#guest = guest;
  }

  static async start(properties: readonly DeviceProperty[], connection: object = {}): Promise<ModbusGuest> {
    compiled ??= compile();
    const guest = new ModbusGuest(await RunningGuest.create(await compiled));
    const grants = { tcp: "tcp://10.0.0.5:502" };
    guest.send({
      type: "start",
      config: encodeConfig({ device: "f/m", grants, connection: { ...connection }, properties }),
    });
    return guest;
  }

  /** Starts, and opens the connection. */
  static async open(properties: readonly DeviceProperty[], connection: object = {}): Promise<ModbusGuest> {
    const guest = await ModbusGuest.start(properties, connection);
    guest.send({ type: "on_open", stream: guest.all("open")[0]?.stream ?? 0 });
    return guest;
  }

  send(event: MapperEvent): this {
    const { effects, fault, fuel } = this.#guest.call(event);
    if (fault) throw fault;
    this.effects = effects;
    this.fuel = fuel;
    for (const { bytes } of this.all("write")) this.#transaction = Buffer.from(bytes).toString("hex", 0, 2);
    return this;
  }

  /** Bytes from the device, as hex; `T` stands for the transaction of the last request. */
  receive(hex: string, stream = 1): this {
    const bytes = Buffer.from(hex.replace(/^T/, this.#transaction).replaceAll(" ", ""), "hex");
    return this.send({ type: "on_bytes", stream, bytes });
  }

  desire(property: number, type: DeviceProperty["type"], value: number | boolean, desire = 1): this {
    return this.send({ type: "on_desired", desire, property, value: encodeValue(type, value) });
  }

  timer(id: number): this {
    return this.send({ type: "on_timer", id });
  }

  all<T extends MapperEffect["type"]>(type: T): readonly Effect<T>[] {
    return this.effects.filter((effect): effect is Effect<T> => effect.type === type);
  }

  /** The request that was sent, as hex: length, unit, function and the rest. */
  get request(): string | undefined {
    const [write] = this.all("write");
    return write && Buffer.from(write.bytes).toString("hex").slice(8);
  }
}
