import type { DesiredValue, JsonObject, JsonValue, ReportedValue } from "@skerry/contracts";
import { parseVersion } from "./hybrid-clock.ts";

/** What an edge says about a device, under the uplink type `twin` and the name `namespace/name`: always all of it. */
export interface TwinReport {
  /** Of the Device it speaks of; one that was deleted and made again is another. */
  readonly uid: string;
  /** `metadata.generation` of the Device that the edge acts on. */
  readonly observedGeneration?: number;
  readonly reported: Readonly<Record<string, ReportedValue>>;
  readonly desired: Readonly<Record<string, DesiredValue>>;
  /** Conditions that are not listed stay as they are. */
  readonly conditions: readonly ReportedCondition[];
}

export interface ReportedCondition {
  readonly type: "Connected" | "MapperReady" | "ValuesValid";
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
}

export const twinUplinkType = "twin";

const conditionTypes = ["Connected", "MapperReady", "ValuesValid"];
const statuses = ["True", "False", "Unknown"];
const states = ["pending", "applied", "rejected", "expired"];

/** The report in an uplink value, or what is wrong with it. */
export function parseTwinReport(value: JsonValue): TwinReport | string {
  if (!isObject(value)) return "expected an object";
  if (typeof value["uid"] !== "string") return "expected a string at uid";
  const generation = value["observedGeneration"];
  if (generation !== undefined && !Number.isSafeInteger(generation)) return "expected an integer at observedGeneration";
  const wrong =
    wrongValues("reported", value["reported"], () => true) ??
    wrongValues("desired", value["desired"], isDesired) ??
    wrongConditions(value["conditions"]);
  return wrong ?? (value as unknown as TwinReport);
}

function wrongValues(field: string, values: unknown, more: (value: JsonObject) => boolean): string | undefined {
  if (!isObject(values)) return `expected an object at ${field}`;
  for (const [property, entry] of Object.entries(values)) {
    const fits =
      isObject(entry) &&
      entry["value"] !== undefined &&
      typeof entry["at"] === "string" &&
      typeof entry["version"] === "string" &&
      parseVersion(entry["version"]) !== undefined &&
      more(entry);
    if (!fits) return `expected value, at and version at ${field}.${property.slice(0, 63)}`;
  }
  return undefined;
}

function isDesired(entry: JsonObject): boolean {
  const { state, origin, reason, overrules, repeats } = entry;
  return (
    typeof state === "string" &&
    states.includes(state) &&
    typeof origin === "string" &&
    (reason === undefined || typeof reason === "string") &&
    (overrules === undefined || typeof overrules === "string") &&
    (repeats === undefined || typeof repeats === "string")
  );
}

function wrongConditions(conditions: unknown): string | undefined {
  if (!Array.isArray(conditions)) return "expected an array at conditions";
  const fits = conditions.every(
    (item: unknown) =>
      isObject(item) &&
      conditionTypes.includes(String(item["type"])) &&
      statuses.includes(String(item["status"])) &&
      typeof item["reason"] === "string" &&
      typeof item["message"] === "string",
  );
  return fits ? undefined : "expected type, status, reason and message in every condition";
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
