import { type EffectImport, type GuestImport, guestImports, type MapperEffect, readEffect } from "@skerry/mapper";
import { errors } from "../errors.ts";
import { copiedBytesPerCall, type GuestLimits, hostCallsPerCall } from "./limits.ts";

/** The host's side of one guest: answers its imports, and keeps the effects of the current call until it returns. */
export class CallRecorder {
  readonly #mapper: string;
  readonly #limits: GuestLimits;
  #memory: WebAssembly.Memory | undefined;
  #view: Uint8Array = new Uint8Array(0);
  #effects: MapperEffect[] = [];
  #event = "instantiation";
  #input: Uint8Array = new Uint8Array(0);
  #calls = 0;
  #copied = 0;
  #nextStream = 1;

  constructor(mapper: string, limits: GuestLimits) {
    this.#mapper = mapper;
    this.#limits = limits;
  }

  /** The functions of the module `skerry:mapper/v0`, as Extism takes them. */
  imports(): Record<GuestImport, (context: unknown, ...args: number[]) => number | undefined> {
    const functions = Object.keys(guestImports).map((name) => {
      if (name === "event_length") return [name, () => this.#eventLength()];
      if (name === "event_read") return [name, (_: unknown, at: number, room: number) => this.#eventRead(at, room)];
      return [name, (_: unknown, ...args: number[]) => this.#record(name as EffectImport, args)];
    });
    return Object.fromEntries(functions);
  }

  /** Until the memory is known, which is during instantiation, every import traps. */
  bind(memory: WebAssembly.Memory): void {
    this.#memory = memory;
  }

  begin(event: string, input: Uint8Array): void {
    this.#event = event;
    this.#input = input;
    this.#effects = [];
    this.#calls = 0;
    this.#copied = 0;
  }

  /** The effects of the call that just ended. */
  take(): readonly MapperEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  #eventLength(): number {
    this.#enter();
    return this.#input.length;
  }

  #eventRead(at: number, room: number): number {
    const memory = this.#enter();
    const from = at >>> 0;
    const count = Math.min(this.#input.length, room >>> 0);
    if (from + count > memory.length) {
      throw this.#trap(`event_read: ${count} bytes at ${from} are not within its memory of ${memory.length} bytes`);
    }
    this.#copy(count);
    memory.set(this.#input.subarray(0, count), from);
    return count;
  }

  #record(name: EffectImport, args: readonly number[]): number | undefined {
    const memory = this.#enter();
    if (this.#effects.length >= this.#limits.effectsPerCall) {
      throw this.#flood("effects", this.#limits.effectsPerCall);
    }
    const effect = readEffect(name, args, memory, this.#nextStream);
    this.#effects.push(effect);
    this.#copy(sizeOf(effect));
    return effect.type === "open" ? this.#nextStream++ : undefined;
  }

  #enter(): Uint8Array {
    if (!this.#memory) throw this.#trap("an import was called before the module was ready");
    if (++this.#calls > hostCallsPerCall) throw this.#flood("calls of imports", hostCallsPerCall);
    // Growing detaches the old buffer, which leaves its view without bytes.
    if (this.#view.length === 0) this.#view = new Uint8Array(this.#memory.buffer);
    return this.#view;
  }

  #copy(bytes: number): void {
    this.#copied += bytes;
    if (this.#copied > copiedBytesPerCall) throw this.#flood("copied bytes", copiedBytesPerCall);
  }

  #trap(problem: string) {
    return errors.create("SKERRY_RUNNER_TRAPPED", { mapper: this.#mapper, event: this.#event, problem });
  }

  #flood(what: string, limit: number) {
    return errors.create("SKERRY_RUNNER_FLOODED", { mapper: this.#mapper, event: this.#event, what, limit });
  }
}

function sizeOf(effect: MapperEffect): number {
  switch (effect.type) {
    case "write":
      return effect.bytes.length;
    case "report":
      return effect.value.length;
    case "state":
      return effect.state.length;
    case "log":
      return effect.text.length;
    default:
      return 0;
  }
}
