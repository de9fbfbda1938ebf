import type { DeviceProperty, JsonValue, ReportedValue } from "@skerry/contracts";
import { sameJson } from "../shared/same-json.ts";

/** Whether a number changed by less than the property's deadband since it was last reported. */
export function isWithinDeadband(property: DeviceProperty, last: ReportedValue | undefined, value: JsonValue): boolean {
  if (property.deadband === undefined || typeof value !== "number" || typeof last?.value !== "number") return false;
  return Math.abs(value - last.value) < property.deadband;
}

/** Whether the cloud must hear of a sample: a value that stayed the same is news for MQTT alone. */
export function isNews(last: ReportedValue | undefined, value: JsonValue): boolean {
  return last === undefined || !sameJson(last.value, value);
}

const latestMs = 8.64e15;

/** The time of a sample as RFC 3339; a driver's nonsense counts as now. */
export function sampleTime(at: number, now: number): string {
  return new Date(Number.isFinite(at) && Math.abs(at) <= latestMs ? at : now).toISOString();
}
