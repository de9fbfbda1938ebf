import { defineToken } from "@skerry/plugin";
import type { Device, DeviceModel, DeviceProperty } from "./device.ts";
import type { JsonValue } from "./json.ts";

/**
 * The twins of the devices on this node, as a driver sees them. The twins validate what goes through:
 * a driver gets only desired values that fit the model, and a reported value that does not fit is
 * refused, counted and named in the Device's conditions.
 */
export interface Twins {
  /**
   * Calls for every twin there is (before returning), then whenever one appears, its device or model
   * changed in a way a driver must know (connection, model, mapper; not `desired`, not status), or it is gone.
   */
  watch(listener: TwinListener): Disposable;
  /** Couples a driver with a twin. A twin has one driver: a second one takes over from the first. */
  attach(name: TwinName, driver: TwinDriver): TwinSession;
}

/** `namespace/name` of the Device. */
export type TwinName = string;

export interface TwinListener {
  changed(twin: TwinDefinition): void;
  gone(name: TwinName): void;
}

export interface TwinDefinition {
  readonly name: TwinName;
  readonly device: Device;
  readonly model: DeviceModel;
}

export interface TwinDriver {
  /**
   * Bring the device to this value. Called with each desired value that is pending, soon after attach and
   * later, never before `attach` returned; a newer one of the same property replaces it. After attach also
   * called with an applied value that the device turns out not to have. Answer with `settle`.
   */
  desire(desire: Desire): void;
}

export interface Desire {
  readonly property: DeviceProperty;
  readonly value: JsonValue;
  /** To be given back to `settle`. */
  readonly version: string;
}

export interface TwinSession extends Disposable {
  /** A value read from the device. `at`: milliseconds since the Unix epoch. */
  report(property: string, value: JsonValue, at: number): void;
  /** The outcome of a desire. An outcome for a version that was replaced meanwhile is ignored. */
  settle(property: string, version: string, outcome: DesireOutcome): void;
  /** Sets a condition of the Device, for instance `Connected`. */
  condition(condition: TwinCondition): void;
}

export type DesireOutcome = { readonly state: "applied" } | { readonly state: "rejected"; readonly reason: string };

export interface TwinCondition {
  readonly type: "Connected" | "MapperReady";
  readonly status: "True" | "False" | "Unknown";
  /** CamelCase word. */
  readonly reason: string;
  readonly message: string;
}

export const Twins = defineToken<Twins>("twins.twins/1");
