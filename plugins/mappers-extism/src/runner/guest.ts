import { createPlugin } from "@extism/extism";
import { encodeEvent, importModule, type MapperEffect, type MapperEvent, memoryExport } from "@skerry/mapper";
import { errorMessage, SkerryError } from "@skerry/plugin";
import { errors } from "../errors.ts";
import { fuelExport } from "../meter/meter-module.ts";
import { CallRecorder } from "./call-recorder.ts";
import type { CompiledMapper } from "./compiled-mapper.ts";

/** How one call ended. After a fault the guest is stopped for good; its log lines are kept, all other effects dropped. */
export interface CallResult {
  readonly effects: readonly MapperEffect[];
  readonly fault: SkerryError | undefined;
  /** What the call used up. */
  readonly fuel: number;
}

/** Times the fuel of another call: `start` reads a configuration of any size, and comes once. */
const startAllowance = 4;

/**
 * One instance of a mapper, for one device. Extism instantiates the module and binds the imports; the exports are then
 * called directly, because Extism's `call` is asynchronous and drops the `i32` that an export returns. So calls of one
 * guest can never overlap.
 */
export class Guest {
  readonly #mapper: CompiledMapper;
  readonly #recorder: CallRecorder;
  readonly #exports: Readonly<Record<string, unknown>>;
  readonly #fuel: WebAssembly.Global;
  #isStopped = false;

  private constructor(mapper: CompiledMapper, recorder: CallRecorder, instance: WebAssembly.Instance) {
    this.#mapper = mapper;
    this.#recorder = recorder;
    this.#exports = instance.exports;
    this.#fuel = instance.exports[fuelExport] as WebAssembly.Global;
    recorder.bind(instance.exports[memoryExport] as WebAssembly.Memory);
  }

  /** Instantiates the module: its start function runs, within the fuel of one call. Throws `SKERRY_RUNNER_TRAPPED`. */
  static async create(mapper: CompiledMapper): Promise<Guest> {
    const recorder = new CallRecorder(mapper.manifest.id, mapper.limits);
    try {
      const plugin = await createPlugin(
        { wasm: [{ module: mapper.module }] },
        {
          functions: { [importModule]: recorder.imports() },
          useWasi: false,
          runInWorker: false,
          logger: silent,
          // Guests have no import that would fetch; without this, Extism takes the global one.
          fetch: () => Promise.reject(new Error("guests cannot fetch")),
        },
      );
      return new Guest(mapper, recorder, await plugin.getInstance());
    } catch (cause) {
      if (cause instanceof SkerryError) throw cause;
      throw errors.create(
        "SKERRY_RUNNER_TRAPPED",
        { mapper: mapper.manifest.id, event: "instantiation", problem: errorMessage(cause) },
        cause,
      );
    }
  }

  get mapper(): CompiledMapper {
    return this.#mapper;
  }

  /** Whether it exports `save` and `restore`. */
  get keepsState(): boolean {
    return this.#mapper.manifest.exports.includes("save");
  }

  /** Delivers one event. Never throws for what the guest does; throws `SKERRY_MAPPER_TOO_LONG` for an event over its budget. */
  call(event: MapperEvent): CallResult {
    const names = { mapper: this.#mapper.manifest.id, event: event.type };
    if (this.#isStopped) throw errors.create("SKERRY_RUNNER_STOPPED", names);
    const allowance = this.#mapper.limits.fuelPerCall * (event.type === "start" ? startAllowance : 1);
    this.#recorder.begin(event.type, encodeEvent(event));
    this.#fuel.value = allowance;
    let fault: SkerryError | undefined;
    try {
      const status = (this.#exports[event.type] as () => unknown)();
      if (status !== 0) fault = errors.create("SKERRY_RUNNER_FAILED", { ...names, status: String(status) });
    } catch (cause) {
      fault = this.#faultOf(cause, names, allowance);
    }
    const effects = this.#recorder.take();
    const fuel = Math.max(0, allowance - this.#fuel.value);
    if (!fault) return { effects, fault, fuel };
    this.#isStopped = true;
    return { effects: effects.filter(({ type }) => type === "log"), fault, fuel };
  }

  #faultOf(cause: unknown, names: { readonly mapper: string; readonly event: string }, fuel: number): SkerryError {
    if (cause instanceof SkerryError) {
      if (cause.code === "SKERRY_RUNNER_FLOODED" || cause.code === "SKERRY_RUNNER_TRAPPED") return cause;
    } else if (this.#fuel.value < 0) {
      return errors.create("SKERRY_RUNNER_OUT_OF_FUEL", { ...names, fuel }, cause);
    }
    return errors.create("SKERRY_RUNNER_TRAPPED", { ...names, problem: errorMessage(cause) }, cause);
  }
}

const nothing = () => undefined;
/** Extism logs only for imports of its own, which no guest may have. */
const silent = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing } as unknown as Console;
