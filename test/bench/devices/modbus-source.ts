import type { Server } from "node:net";
import { ServerTCP } from "modbus-serial";

/** Registers in this process, read and written by the edge node over Modbus TCP. Any number of devices may share it. */
export class ModbusSource {
  /** Input registers. Absent ones are 0. */
  readonly inputs = new Map<number, number>();
  /** Called with each value as it is read, and as it is written. */
  onRead: (address: number, value: number) => void = () => undefined;
  onWrite: (address: number, value: number) => void = () => undefined;
  /** Every reading of a register finds it one higher: there is always something new. */
  isCounting = false;
  reads = 0;
  readonly #holding = new Map<number, number>();
  readonly #server: ServerTCP;

  private constructor() {
    this.#server = new ServerTCP(
      {
        getInputRegister: async (address: number) => this.#read(address),
        getHoldingRegister: async (address: number) => this.#holding.get(address) ?? 0,
        setRegister: async (address: number, value: number) => {
          this.#holding.set(address, value);
          this.onWrite(address, value);
        },
      },
      // As a number, 0 would become 502: the server takes `port || 502`.
      { host: "127.0.0.1", port: "0" as unknown as number, unitID: 1 },
    );
  }

  static async start(): Promise<ModbusSource> {
    const source = new ModbusSource();
    await new Promise<void>((resolve, reject) => {
      source.#server.on("initialized", () => resolve());
      source.#server.on("serverError", reject);
    });
    return source;
  }

  get port(): number {
    const address = (this.#server as unknown as { readonly _server: Server })._server.address();
    if (typeof address !== "object" || address === null) throw new Error("the Modbus server does not listen");
    return address.port;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #read(address: number): number {
    const before = this.inputs.get(address) ?? 0;
    const value = this.isCounting ? (before + 1) % 65_536 : before;
    if (this.isCounting) this.inputs.set(address, value);
    this.reads += 1;
    this.onRead(address, value);
    return value;
  }
}
