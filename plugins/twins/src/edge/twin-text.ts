import type { DesiredValue, JsonValue, ReportedValue } from "@skerry/contracts";
import type { ReportedCondition } from "../shared/twin-report.ts";
import type { Twin } from "./twin.ts";

/** A twin as `skerry twin get -o json` prints it. */
export interface TwinText {
  readonly name: string;
  readonly conditions: readonly ReportedCondition[];
  readonly properties: readonly PropertyText[];
}

interface PropertyText {
  readonly name: string;
  readonly unit?: string;
  readonly reported?: ReportedValue;
  readonly desired?: DesiredValue;
}

export function describeTwin(twin: Twin, only?: string): TwinText {
  const { reported, desired } = twin.record;
  const units = new Map(twin.definition?.model.spec.properties.map(({ name, unit }) => [name, unit]));
  const names = new Set([...units.keys(), ...reported.keys(), ...desired.keys()]);
  const properties = [...names].filter((name) => only === undefined || name === only);
  return {
    name: twin.name,
    conditions: twin.conditions.list(),
    properties: properties.map((name) => {
      const [unit, last, wanted] = [units.get(name), reported.get(name), desired.get(name)];
      return {
        name,
        ...(unit === undefined ? {} : { unit }),
        ...(last === undefined ? {} : { reported: last }),
        ...(wanted === undefined ? {} : { desired: withoutRequest(wanted) }),
      };
    }),
  };
}

/** The same for people. Of a single property, only its value. */
export function twinLines({ name, conditions, properties }: TwinText, single: boolean): string {
  const [first] = properties;
  if (single)
    return first?.reported === undefined ? "not reported yet\n" : `${show(first.reported.value, first.unit)}\n`;
  const width = Math.max(0, ...properties.map((property) => property.name.length));
  const states = conditions.map(
    ({ type, status, reason }) => `${type}=${status}${status === "True" ? "" : ` (${reason})`}`,
  );
  const lines = properties.map(({ name: property, unit, reported, desired }) => {
    const value = reported === undefined ? "-" : `${show(reported.value, unit)}  at ${reported.at}`;
    const reason = desired?.reason === undefined ? "" : `: ${desired.reason}`;
    const wanted = desired === undefined ? "" : `  desired ${show(desired.value, unit)} (${desired.state}${reason})`;
    return `  ${property.padEnd(width)}  ${value}${wanted}`;
  });
  return `${[`${name}  ${states.join(" ")}`.trimEnd(), ...lines].join("\n")}\n`;
}

function show(value: JsonValue, unit: string | undefined): string {
  return typeof value === "number" && unit !== undefined ? `${value} ${unit}` : JSON.stringify(value);
}

function withoutRequest(entry: DesiredValue & { readonly request?: unknown }): DesiredValue {
  const { request: _, ...rest } = entry;
  return rest;
}
