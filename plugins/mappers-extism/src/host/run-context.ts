import type { Clock, Desire, DesireOutcome, JsonValue, Logger, TcpNetwork, TwinDefinition } from "@skerry/contracts";
import type { MapperSettings } from "../settings.ts";
import type { DeviceConditions } from "./device-conditions.ts";

/** What one run of a guest works with, and what it answers to. */
export interface RunContext {
  readonly twin: TwinDefinition;
  readonly clock: Clock;
  readonly network: TcpNetwork;
  readonly logger: Logger;
  readonly settings: MapperSettings;
  readonly conditions: DeviceConditions;
  report(property: string, value: JsonValue): void;
  settle(desire: Desire, outcome: DesireOutcome): void;
  /** The guest is stopped already. */
  faulted(fault: unknown): void;
}
