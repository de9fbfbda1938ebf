import type { Server } from "node:net";
import { ServerTCP } from "modbus-serial";
import { Meter } from "./meter.ts";
import { loadState, saveState } from "./meter-state.ts";

export interface DemoMeterOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Requests for another unit are not answered. */
  readonly unit: number;
  /** Where relay, limit and energy survive a restart. */
  readonly stateFile?: string;
  /** Milliseconds since the meter was started. */
  readonly elapsedMs?: () => number;
}

export interface DemoMeter {
  readonly port: number;
  /** What stands in its registers now, for tests and demonstrations. */
  readonly meter: Meter;
  /** Closes every connection and saves the state. */
  stop(): Promise<void>;
}

/** Energy is written to the state file when it grew by so much: the disk is not written at every reading. */
const energySavedEveryWh = 50;

/** Starts a simulated power meter that speaks Modbus TCP. The protocol is modbus-serial's, not ours. */
export async function startDemoMeter(options: DemoMeterOptions): Promise<DemoMeter> {
  const { host, port, unit, stateFile } = options;
  const started = performance.now();
  const elapsedMs = options.elapsedMs ?? (() => performance.now() - started);
  const meter = new Meter(await loadState(stateFile), elapsedMs);
  let saved = meter.state;
  let saving = Promise.resolve();
  const save = (): Promise<void> => {
    saved = meter.state;
    const state = saved;
    // One after the other, so that the newest state is the last one written.
    saving = saving.then(() => saveState(stateFile, state));
    return saving;
  };
  const reading = <T>(value: T): T => {
    if (meter.state.energy - saved.energy >= energySavedEveryWh) void save().catch(reportFailure);
    return value;
  };

  const server = new ServerTCP(
    {
      getCoil: async (address: number) => meter.coil(address),
      getHoldingRegister: async (address: number) => meter.holding(address),
      getInputRegister: async (address: number) => reading(meter.input(address)),
      setCoil: async (address: number, value: boolean) => {
        meter.setCoil(address, value);
        await save();
      },
      setRegister: async (address: number, value: number) => {
        meter.setHolding(address, value);
        await save();
      },
    },
    // As a number, 0 would become 502: the server takes `port || 502`.
    { host, port: String(port) as unknown as number, unitID: unit },
  );
  const listener = (server as unknown as { readonly _server: Server })._server;
  await new Promise<void>((resolve, reject) => {
    server.on("initialized", () => resolve());
    server.on("serverError", (error) => reject(error));
  });
  server.on("error", reportFailure);
  const address = listener.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : port,
    meter,
    stop: async () => {
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await save();
    },
  };
}

function reportFailure(error: unknown): void {
  process.stderr.write(`demo meter: ${error instanceof Error ? error.message : String(error)}\n`);
}
