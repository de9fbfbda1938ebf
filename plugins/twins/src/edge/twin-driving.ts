import type { DeviceModel, JsonValue, Logger, TwinDriver, TwinName } from "@skerry/contracts";
import { refuseDesired } from "../shared/property-value.ts";
import { sameJson } from "../shared/same-json.ts";
import { type DesiredEntries, type DesiredEntry, propertyOf } from "./desired-entries.ts";

/** Numbers that passed through single precision differ by less than this part of themselves. */
const singlePrecision = 1e-6;

/**
 * Hands desired values to the driver of one twin: the pending ones, and after it attached or its device came
 * back, also those applied ones that the device turns out not to have, for instance after a power loss.
 */
export class TwinDriving {
  #driver: TwinDriver | undefined;
  readonly #handed = new Map<string, string>();
  readonly #recheck = new Set<string>();

  constructor(
    private readonly name: TwinName,
    private readonly entries: () => DesiredEntries,
    private readonly model: () => DeviceModel | undefined,
    private readonly logger: Logger,
  ) {}

  get driver(): TwinDriver | undefined {
    return this.#driver;
  }

  /** The driver hears of pending values once it has its session. */
  attach(driver: TwinDriver): void {
    this.#driver = driver;
    this.#handed.clear();
    this.recheck();
    queueMicrotask(() => {
      if (this.#driver !== driver) return;
      for (const property of this.entries().keys()) this.drive(property);
    });
  }

  detach(): void {
    this.#driver = undefined;
  }

  /** Hands over the desired value of a property if it is pending and was not handed over yet. */
  drive(property: string): void {
    const entry = this.entries().get(property);
    if (entry?.state !== "pending" || this.#handed.get(property) === entry.version) return;
    this.#hand(property, entry);
  }

  /** An outcome arrived: the same value may be handed over again. */
  settled(property: string, version: string): void {
    if (this.#handed.get(property) === version) this.#handed.delete(property);
  }

  /** The device may have lost what was applied: the next report of each such property tells. */
  recheck(): void {
    this.#recheck.clear();
    for (const [property, { state }] of this.entries()) if (state === "applied") this.#recheck.add(property);
  }

  /** Compares what the device reports with what was applied to it, once after each `recheck`. */
  reported(property: string, value: JsonValue): void {
    if (!this.#recheck.delete(property)) return;
    const entry = this.entries().get(property);
    if (entry?.state === "applied" && !this.#isSame(property, entry.value, value)) this.#hand(property, entry);
  }

  #isSame(property: string, desired: JsonValue, reported: JsonValue): boolean {
    if (typeof desired !== "number" || typeof reported !== "number") return sameJson(desired, reported);
    const deadband = propertyOf(this.model(), property)?.deadband ?? 0;
    return Math.abs(desired - reported) <= Math.max(deadband, Math.abs(desired) * singlePrecision);
  }

  #hand(name: string, { value, version }: DesiredEntry): void {
    const property = propertyOf(this.model(), name);
    if (property === undefined || this.#driver === undefined) return;
    // The model may have changed since the value was judged; it is about to be judged again.
    if (refuseDesired(property, value) !== undefined) return;
    this.#handed.set(name, version);
    try {
      this.#driver.desire({ property, value, version });
    } catch (error) {
      this.logger.error("the driver of a twin threw", { twin: this.name, property: name, error });
    }
  }
}
