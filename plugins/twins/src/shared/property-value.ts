import type { DeviceProperty, JsonValue } from "@skerry/contracts";
import { sameJson } from "./same-json.ts";

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Why a value read from a device does not fit its property; `undefined` when it does. */
export function refuseReported(property: DeviceProperty, value: JsonValue): string | undefined {
  if (property.access === "write") return "it can only be written, not read";
  return refuseType(property, value);
}

/** Why a value must not be desired of a property; `undefined` when it may. */
export function refuseDesired(property: DeviceProperty, value: JsonValue): string | undefined {
  if (property.access === "read") return "it can only be read";
  return refuseType(property, value) ?? refuseRange(property, value) ?? refuseEnum(property, value);
}

function refuseType({ type }: DeviceProperty, value: JsonValue): string | undefined {
  const found = `found ${describe(value)}`;
  switch (type) {
    case "boolean":
      return typeof value === "boolean" ? undefined : `expected a boolean, ${found}`;
    case "string":
      return typeof value === "string" ? undefined : `expected a string, ${found}`;
    case "number":
      return Number.isFinite(value) ? undefined : `expected a number, ${found}`;
    case "integer":
      return Number.isSafeInteger(value) ? undefined : `expected a whole number, ${found}`;
    case "bytes":
      return typeof value === "string" && base64.test(value) ? undefined : `expected bytes as base64, ${found}`;
    case "object":
      if (value === null || typeof value !== "object" || Array.isArray(value)) return `expected an object, ${found}`;
      // A merge patch cannot carry a null member: it would mean "remove".
      return hasNullMember(value) ? "an object must not have members that are null" : undefined;
    default:
      return `its type ${JSON.stringify(type)} is none that this version knows`;
  }
}

function refuseRange({ minimum, maximum, unit }: DeviceProperty, value: JsonValue): string | undefined {
  if (typeof value !== "number") return undefined;
  const limit = (bound: number) => (unit === undefined ? `${bound}` : `${bound} ${unit}`);
  if (minimum !== undefined && value < minimum) return `${value} is below the minimum ${limit(minimum)}`;
  if (maximum !== undefined && value > maximum) return `${value} is above the maximum ${limit(maximum)}`;
  return undefined;
}

function refuseEnum({ enum: allowed }: DeviceProperty, value: JsonValue): string | undefined {
  if (allowed === undefined || allowed.some((item) => sameJson(item, value))) return undefined;
  return `${short(value)} is none of ${allowed.map(short).join(", ")}`;
}

function hasNullMember(value: JsonValue): boolean {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
  return Object.values(value).some((member) => member === null || hasNullMember(member));
}

function describe(value: JsonValue): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") return "an object";
  return `the ${typeof value} ${short(value)}`;
}

function short(value: JsonValue): string {
  const text = typeof value === "number" ? String(value) : JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
