import type { JsonValue } from "./json.ts";
import type { Condition, KubeObject, Resource } from "./kube-object.ts";

/** `devices.skerry.dev/v1alpha1`. */
export const deviceGroup = "devices.skerry.dev";

export const deviceResource: Resource = {
  group: deviceGroup,
  version: "v1alpha1",
  kind: "Device",
  plural: "devices",
  namespaced: true,
};

export const deviceModelResource: Resource = {
  group: deviceGroup,
  version: "v1alpha1",
  kind: "DeviceModel",
  plural: "devicemodels",
  namespaced: false,
};

/** What a type of device is. */
export interface DeviceModel extends KubeObject {
  readonly spec: DeviceModelSpec;
}

export interface DeviceModelSpec {
  /** Name of the mapper that speaks to it, for instance `modbus`. */
  readonly mapper: string;
  readonly properties: readonly DeviceProperty[];
}

export interface DeviceProperty {
  readonly name: string;
  readonly type: PropertyType;
  /** For people, for instance `V`. */
  readonly unit?: string;
  readonly description?: string;
  readonly access: "read" | "readWrite" | "write";
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly JsonValue[];
  /** How often it is read: `100ms`, `1s`, `5m`. Default `1s`. */
  readonly every?: string;
  /** A number that changed by less than this since it was last reported is not reported. */
  readonly deadband?: number;
  /** Where the mapper finds it; its form is the mapper's. */
  readonly visit: { readonly [field: string]: JsonValue };
}

export type PropertyType = "boolean" | "integer" | "number" | "string" | "bytes" | "object";

/** One device on one node. */
export interface Device extends KubeObject {
  readonly spec: DeviceSpec;
  readonly status?: DeviceStatus;
}

export interface DeviceSpec {
  /** Name of its DeviceModel. */
  readonly model: string;
  readonly nodeName: string;
  /** What the mapper may reach, and nothing else. */
  readonly connection: DeviceConnection;
  readonly desired?: Readonly<Record<string, JsonValue>>;
}

export interface DeviceConnection {
  readonly tcp?: { readonly host: string; readonly port: number };
  readonly [field: string]: JsonValue | undefined;
}

export interface DeviceStatus {
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
  readonly reported?: Readonly<Record<string, ReportedValue>>;
  readonly desired?: Readonly<Record<string, DesiredValue>>;
  /**
   * Highest version of a desired value set at the edge that was then removed in the cloud, by property.
   * Kept until the edge's report no longer has it, so that a report on its way does not bring it back.
   */
  readonly removedDesired?: Readonly<Record<string, string>>;
  /** The reported values in one line, for printer columns. */
  readonly summary?: string;
}

export interface ReportedValue {
  readonly value: JsonValue;
  /** When the device had it, RFC 3339 with milliseconds. */
  readonly at: string;
  /** Hybrid logical clock and origin; orders the values of one property. */
  readonly version: string;
}

export interface DesiredValue {
  readonly value: JsonValue;
  readonly state: DesiredState;
  /** Why it was rejected or expired. */
  readonly reason?: string;
  /** When it entered this state, RFC 3339 with milliseconds. */
  readonly at: string;
  /** Who set it: `cloud`, or the name of the node. */
  readonly origin: string;
  readonly version: string;
  /** Wins over versions up to this one although they are higher: they were stamped by a clock that ran far ahead. */
  readonly overrules?: string;
  /** The version under which this value was first wished for in the cloud, when it stands again under a later one. */
  readonly repeats?: string;
}

export type DesiredState = "pending" | "applied" | "rejected" | "expired";
