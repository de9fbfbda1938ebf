import type {
  Clock,
  Desire,
  Logger,
  TcpNetwork,
  TwinDefinition,
  TwinDriver,
  TwinName,
  TwinSession,
  Twins,
} from "@skerry/contracts";
import { encodeConfig } from "@skerry/mapper";
import { errorCode, errorFamily, errorMessage } from "@skerry/plugin";
import { Guest } from "../runner/guest.ts";
import type { MapperSettings } from "../settings.ts";
import { BackOff } from "./back-off.ts";
import { DeviceConditions } from "./device-conditions.ts";
import { grantUrls } from "./device-grant.ts";
import { GuestRun } from "./guest-run.ts";
import type { MapperStore } from "./mapper-store.ts";

export interface DeviceHostParts {
  readonly twins: Twins;
  readonly network: TcpNetwork;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: MapperSettings;
  readonly store: MapperStore;
}

export type DeviceState = "starting" | "running" | "quarantined" | "misconfigured" | "stopped";

export interface DeviceStatus {
  readonly device: TwinName;
  readonly mapper: string;
  readonly state: DeviceState;
  /** Events delivered, over all its guests. */
  readonly calls: number;
  readonly faults: number;
  /** Code and message of the last fault. */
  readonly lastFault?: string;
}

const reasons: Readonly<Record<string, string>> = {
  SKERRY_RUNNER_TRAPPED: "MapperTrapped",
  SKERRY_RUNNER_OUT_OF_FUEL: "MapperOutOfFuel",
  SKERRY_RUNNER_FLOODED: "MapperFlooded",
  SKERRY_RUNNER_FAILED: "MapperFailed",
  SKERRY_MAPPERS_UNKNOWN: "MapperUnknown",
};

/** Keeps a guest running for one device; after a fault it is quarantined and started again with back-off. */
export class DeviceHost implements TwinDriver {
  readonly #parts: DeviceHostParts;
  readonly #session: TwinSession;
  readonly #conditions: DeviceConditions;
  readonly #backOff: BackOff;
  /** What is desired and not settled, by property: a new guest gets it again. */
  readonly #desires = new Map<string, Desire>();
  #twin: TwinDefinition;
  #run: GuestRun | undefined;
  #retry: Disposable | undefined;
  #starting: Promise<void> = Promise.resolve();
  /** Counts starts: one that was overtaken gives up. */
  #start = 0;
  #state: DeviceState = "starting";
  #calls = 0;
  #faults = 0;
  #lastFault: string | undefined;

  constructor(parts: DeviceHostParts, twin: TwinDefinition) {
    this.#parts = parts;
    this.#twin = twin;
    this.#backOff = new BackOff(parts.clock);
    this.#session = parts.twins.attach(twin.name, this);
    this.#conditions = new DeviceConditions((condition) => this.#session.condition(condition));
    this.#begin(undefined);
  }

  get status(): DeviceStatus {
    return {
      device: this.#twin.name,
      mapper: this.#twin.model.spec.mapper,
      state: this.#state,
      calls: this.#calls + (this.#run?.calls ?? 0),
      faults: this.#faults,
      ...(this.#lastFault === undefined ? {} : { lastFault: this.#lastFault }),
    };
  }

  desire(desire: Desire): void {
    this.#desires.set(desire.property.name, desire);
    this.#run?.desire(desire);
  }

  /** The device or its model changed: a new guest takes over, with the state of the old one if it is the same mapper. */
  change(twin: TwinDefinition): void {
    const isSame = twin.model.spec.mapper === this.#twin.model.spec.mapper;
    const state = isSame ? this.#run?.save() : undefined;
    this.#halt();
    this.#twin = twin;
    this.#backOff.reset();
    this.#begin(state);
  }

  async stop(): Promise<void> {
    this.#halt();
    this.#state = "stopped";
    this.#session[Symbol.dispose]();
    await this.#starting;
  }

  #halt(): void {
    this.#start++;
    this.#retry?.[Symbol.dispose]();
    this.#calls += this.#run?.calls ?? 0;
    this.#run?.stop();
    this.#run = undefined;
  }

  #begin(state: Uint8Array | undefined): void {
    const start = ++this.#start;
    this.#state = "starting";
    this.#starting = this.#bringUp(start, state).catch((error: unknown) => {
      if (start === this.#start) this.#quarantine(error);
    });
  }

  async #bringUp(start: number, state: Uint8Array | undefined): Promise<void> {
    const twin = this.#twin;
    const config = this.#configOf(twin);
    if (config === undefined) return;
    const guest = await Guest.create(await this.#parts.store.load(twin.model.spec.mapper));
    if (start !== this.#start) return;
    const { clock, network, logger, settings } = this.#parts;
    const run = new GuestRun(guest, {
      ...{ twin, clock, network, logger, settings, conditions: this.#conditions },
      report: (property, value) => this.#session.report(property, value, clock.now()),
      settle: (desire, outcome) => {
        const { name } = desire.property;
        if (this.#desires.get(name)?.version === desire.version) this.#desires.delete(name);
        this.#session.settle(name, desire.version, outcome);
      },
      faulted: (fault) => this.#quarantine(fault),
    });
    this.#run = run;
    this.#state = "running";
    this.#backOff.started();
    this.#conditions.running();
    run.start(config, state);
    // A fault in one of them ends the run; the others then wait for the next guest.
    for (const desire of [...this.#desires.values()]) if (this.#run === run) run.desire(desire);
  }

  /** A definition that cannot be written down for a guest is not tried again until it changes. */
  #configOf(twin: TwinDefinition): string | undefined {
    const { connection } = twin.device.spec;
    const { properties } = twin.model.spec;
    try {
      return encodeConfig({ device: twin.name, grants: grantUrls(connection), connection, properties });
    } catch (error) {
      this.#state = "misconfigured";
      this.#conditions.notRunning("BadDefinition", errorMessage(error));
      return undefined;
    }
  }

  #quarantine(error: unknown): void {
    this.#halt();
    const code = errorCode(error);
    const delayMs = this.#backOff.failed();
    const { mapper } = this.#twin.model.spec;
    this.#state = "quarantined";
    this.#faults++;
    this.#lastFault = `${code ?? "unknown"}: ${errorMessage(error)}`;
    this.#parts.logger.warn("mapper stopped", { device: this.#twin.name, mapper, error, retryAfterMs: delayMs });
    const next = `tried again after ${delayMs / 1000} s`;
    const message = `mapper ${mapper} is stopped, ${next}: ${errorMessage(error)}`;
    const otherwise = errorFamily(error) === "bug" ? "HostFailed" : "MapperRefused";
    this.#conditions.notRunning(reasons[code ?? ""] ?? otherwise, message);
    this.#retry = this.#parts.clock.after(delayMs, () => this.#begin(undefined));
  }
}
