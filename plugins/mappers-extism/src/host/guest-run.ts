import type { Desire } from "@skerry/contracts";
import { encodeValue, type MapperEvent } from "@skerry/mapper";
import { errorMessage } from "@skerry/plugin";
import { errors } from "../errors.ts";
import type { Guest } from "../runner/guest.ts";
import { grantOf } from "./device-grant.ts";
import { EffectPerformer } from "./effect-performer.ts";
import { EventQueue } from "./event-queue.ts";
import { GuestLog } from "./guest-log.ts";
import { GuestStreams } from "./guest-streams.ts";
import { GuestTimers } from "./guest-timers.ts";
import { Pace } from "./pace.ts";
import type { RunContext } from "./run-context.ts";

const burstMs = 250;

/** One guest at work: brings it one event after the other, at its pace, and lets its effects take place. */
export class GuestRun {
  readonly #guest: Guest;
  readonly #context: RunContext;
  readonly #queue = new EventQueue();
  readonly #streams: GuestStreams;
  readonly #timers: GuestTimers;
  readonly #performer: EffectPerformer;
  readonly #pace: Pace;
  #waiting: Disposable | undefined;
  #isBusy = false;
  #isStopped = false;
  calls = 0;

  constructor(guest: Guest, context: RunContext) {
    const { clock, network, settings, conditions, twin, logger } = context;
    const mapper = guest.mapper.manifest.id;
    this.#guest = guest;
    this.#context = context;
    this.#pace = new Pace(clock, burstMs);
    this.#timers = new GuestTimers(clock, (id) => this.#deliver({ type: "on_timer", id }));
    this.#streams = new GuestStreams(
      network,
      { address: grantOf(twin.device.spec.connection), queuedBytes: settings.queuedBytes },
      {
        event: (event) => this.#deliver(event),
        waiting: () => this.#queue.bytes,
        dropStream: (stream) => this.#queue.dropStream(stream),
        denied: (url) => {
          const message = `mapper ${mapper} asked for ${url}, which the device does not grant`;
          conditions.ready({ status: "False", reason: "NotGranted", message });
        },
      },
    );
    const log = new GuestLog(logger, clock, settings.logLinesPerSecond, { mapper, device: twin.name });
    const parts = { mapper, queue: this.#queue, streams: this.#streams, timers: this.#timers, log };
    this.#performer = new EffectPerformer(parts, context);
  }

  /** @param state what the predecessor's `save` gave */
  start(config: string, state: Uint8Array | undefined): void {
    this.#queue.add({ type: "start", config });
    if (state && this.#guest.keepsState) this.#queue.add({ type: "restore", state });
    this.#pump();
  }

  desire(desire: Desire): void {
    const { name, type } = desire.property;
    const property = this.#context.twin.model.spec.properties.findIndex((other) => other.name === name);
    try {
      if (property < 0) throw errors.create("SKERRY_MAPPERS_NO_PROPERTY", { property: name });
      const value = encodeValue(type, desire.value);
      this.#deliver({ type: "on_desired", desire: this.#performer.expect(desire), property, value });
    } catch (error) {
      this.#context.settle(desire, { state: "rejected", reason: errorMessage(error) });
    }
  }

  /** What the guest wants its successor to know. */
  save(): Uint8Array | undefined {
    if (this.#isStopped || this.#isBusy || !this.#guest.keepsState) return undefined;
    const { effects } = this.#guest.call({ type: "save" });
    return effects.flatMap((effect) => (effect.type === "state" ? [effect.state] : [])).at(-1);
  }

  stop(): void {
    this.#isStopped = true;
    this.#waiting?.[Symbol.dispose]();
    this.#timers.cancelAll();
    this.#streams.closeAll();
    this.#queue.clear();
  }

  #deliver(event: MapperEvent): void {
    if (this.#isStopped) return;
    this.#queue.add(event);
    this.#pump();
  }

  /** Effects may bring new events about at once; those queue up behind. */
  #pump(): void {
    if (this.#isBusy || this.#waiting) return;
    this.#isBusy = true;
    try {
      while (!this.#isStopped && !this.#queue.isEmpty) {
        const waitMs = this.#pace.waitMs;
        if (waitMs > 0) {
          this.#resumeAfter(waitMs);
          break;
        }
        const event = this.#queue.take();
        if (event) this.#call(event);
      }
    } finally {
      this.#isBusy = false;
    }
  }

  #resumeAfter(ms: number): void {
    this.#waiting = this.#context.clock.after(ms, () => {
      this.#waiting = undefined;
      this.#pump();
    });
  }

  /** Whatever goes wrong here ends this run and no more: it must not reach the timer or socket that brought the event. */
  #call(event: MapperEvent): void {
    try {
      const { effects, fault, fuel } = this.#guest.call(event);
      this.calls++;
      const { callsPerSecond, fuelPerSecond } = this.#context.settings;
      this.#pace.spend(Math.max(1000 / callsPerSecond, (1000 * fuel) / fuelPerSecond));
      for (const effect of effects) this.#performer.perform(effect);
      if (fault) throw fault;
    } catch (error) {
      this.stop();
      this.#context.faulted(error);
    }
  }
}
