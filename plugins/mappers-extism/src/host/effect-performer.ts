import type { Desire, DesireOutcome, JsonValue } from "@skerry/contracts";
import { decodeValue, type MapperEffect } from "@skerry/mapper";
import { errorMessage, type SkerryError } from "@skerry/plugin";
import { errors } from "../errors.ts";
import type { EventQueue } from "./event-queue.ts";
import type { GuestLog } from "./guest-log.ts";
import type { GuestStreams } from "./guest-streams.ts";
import type { GuestTimers } from "./guest-timers.ts";
import type { RunContext } from "./run-context.ts";

export interface PerformerParts {
  readonly mapper: string;
  readonly queue: EventQueue;
  readonly streams: GuestStreams;
  readonly timers: GuestTimers;
  readonly log: GuestLog;
}

/** Lets the effects of one guest take place. */
export class EffectPerformer {
  readonly #parts: PerformerParts;
  readonly #context: RunContext;
  readonly #desires = new Map<number, Desire>();
  #nextDesire = 1;

  constructor(parts: PerformerParts, context: RunContext) {
    this.#parts = parts;
    this.#context = context;
  }

  /** The id under which the guest will settle or reject it. */
  expect(desire: Desire): number {
    const id = this.#nextDesire++;
    for (const [older, { property }] of this.#desires) {
      if (property.name === desire.property.name) this.#desires.delete(older);
    }
    this.#desires.set(id, desire);
    return id;
  }

  /** Throws `SKERRY_RUNNER_TRAPPED` for an effect that makes no sense for this device. */
  perform(effect: MapperEffect): void {
    const { queue, streams, timers, log } = this.#parts;
    switch (effect.type) {
      case "open":
        streams.open(effect.stream, effect.url);
        break;
      case "write":
        streams.write(effect.stream, effect.bytes);
        break;
      case "close":
        streams.close(effect.stream);
        break;
      case "timer":
        queue.dropTimer(effect.id);
        if (!timers.set(effect.id, effect.ms)) throw this.#bad("timer", "it has too many timers");
        break;
      case "report":
        this.#report(this.#property("report", effect.property), effect.value);
        break;
      case "trouble":
        this.#context.conditions.trouble(this.#property("trouble", effect.property), effect.reason);
        break;
      case "settle":
        this.#settle(effect.desire, { state: "applied" });
        break;
      case "reject":
        this.#settle(effect.desire, { state: "rejected", reason: effect.reason });
        break;
      case "condition":
        this.#condition(effect);
        break;
      case "log":
        log.write(effect.level, effect.text);
        break;
      case "state":
        // Means something in `save` only.
        break;
    }
  }

  #condition({ condition, status, reason, message }: Extract<MapperEffect, { type: "condition" }>): void {
    const { conditions } = this.#context;
    if (condition === "Connected") conditions.connected({ status, reason, message });
    else conditions.ready({ status, reason, message });
  }

  #report(property: string, encoded: Uint8Array): void {
    let value: JsonValue;
    try {
      value = decodeValue(encoded);
    } catch (error) {
      this.#context.conditions.trouble(property, errorMessage(error));
      return;
    }
    this.#context.conditions.trouble(property, "");
    this.#context.report(property, value);
  }

  /** Ids that were replaced, or never given, settle nothing. */
  #settle(id: number, outcome: DesireOutcome): void {
    const desire = this.#desires.get(id);
    this.#desires.delete(id);
    if (desire) this.#context.settle(desire, outcome);
  }

  #property(effect: string, index: number): string {
    const property = this.#context.twin.model.spec.properties[index];
    if (!property) throw this.#bad(effect, `property ${index} does not exist`);
    return property.name;
  }

  #bad(event: string, problem: string): SkerryError {
    return errors.create("SKERRY_RUNNER_TRAPPED", { mapper: this.#parts.mapper, event, problem });
  }
}
