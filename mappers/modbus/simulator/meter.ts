import type { MeterState } from "./meter-state.ts";

/** Registers as the demo-meter model has them. */
export const registers = { relay: 0, limit: 10, inputs: 0, inputCount: 6 } as const;

/** Tenths of an ampere. */
const lowestLimit = 10;
const highestLimit = 800;
const loadOhms = 23;

/** An exception answer: `modbusErrorCode` is where modbus-serial looks for the code. */
export class ModbusException extends Error {
  constructor(
    readonly modbusErrorCode: number,
    message: string,
  ) {
    super(message);
  }
}

const illegalAddress = (address: number) => new ModbusException(2, `there is no register ${address}`);

/** The meter itself: physics and registers, a function of the time that has passed. */
export class Meter {
  #relay: boolean;
  #limit: number;
  #energy: number;
  #countedMs = 0;
  readonly #elapsedMs: () => number;

  constructor(state: MeterState, elapsedMs: () => number) {
    this.#relay = state.relay;
    this.#limit = state.limit;
    this.#energy = state.energy;
    this.#elapsedMs = elapsedMs;
  }

  get state(): MeterState {
    this.#count();
    return { relay: this.#relay, limit: this.#limit, energy: this.#energy };
  }

  /** Volts: 230 with a slow and a quick drift. */
  get voltage(): number {
    const seconds = this.#elapsedMs() / 1000;
    return 230 + 2 * Math.sin(seconds / 11) + 0.4 * Math.sin(seconds * 1.7);
  }

  /** Amperes. */
  get current(): number {
    return this.#relay ? this.voltage / loadOhms : 0;
  }

  coil(address: number): boolean {
    if (address !== registers.relay) throw illegalAddress(address);
    return this.#relay;
  }

  setCoil(address: number, value: boolean): void {
    if (address !== registers.relay) throw illegalAddress(address);
    this.#count();
    this.#relay = value;
  }

  holding(address: number): number {
    if (address !== registers.limit) throw illegalAddress(address);
    return this.#limit;
  }

  setHolding(address: number, value: number): void {
    if (address !== registers.limit) throw illegalAddress(address);
    if (value < lowestLimit || value > highestLimit) {
      throw new ModbusException(3, `the limit must be from ${lowestLimit} to ${highestLimit}, not ${value}`);
    }
    this.#limit = value;
  }

  /** One word of the input registers: voltage, current and energy (kWh) as float32, high word first. */
  input(address: number): number {
    if (address < registers.inputs || address >= registers.inputCount) throw illegalAddress(address);
    this.#count();
    const words = new DataView(new ArrayBuffer(registers.inputCount * 2));
    [this.voltage, this.current, this.#energy / 1000].forEach((value, index) => {
      words.setFloat32(index * 4, Math.fround(value));
    });
    return words.getUint16(address * 2);
  }

  #count(): void {
    const now = this.#elapsedMs();
    this.#energy += (this.voltage * this.current * (now - this.#countedMs)) / 3_600_000;
    this.#countedMs = now;
  }
}
