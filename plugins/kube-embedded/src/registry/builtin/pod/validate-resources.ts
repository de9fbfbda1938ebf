import { type FieldError, isJsonObject, type JsonObject, type JsonValue } from "../../../kinds.ts";
import { invalidValue, qualifiedNameProblem } from "../../names.ts";
import { quantityForm, quantityOf } from "../quantity.ts";

/** Limits and requests of one container: quantities, and no request above its limit. */
export function validateResources(resources: JsonValue | undefined, path: string): readonly FieldError[] {
  if (!isJsonObject(resources)) return [];
  const [limits, requests] = [membersOf(resources["limits"]), membersOf(resources["requests"])];
  return [
    ...quantityErrors(limits, `${path}.limits`),
    ...quantityErrors(requests, `${path}.requests`),
    ...Object.entries(requests).flatMap(([name, request]) => {
      const [least, most] = [quantityOf(request), quantityOf(limits[name])];
      if (least === undefined || most === undefined || least <= most) return [];
      return [
        invalidValue(`${path}.requests`, request, `must be less than or equal to ${name} limit of ${limits[name]}`),
      ];
    }),
  ];
}

function quantityErrors(amounts: JsonObject, path: string): readonly FieldError[] {
  return Object.entries(amounts).flatMap(([name, amount]) => {
    const at = `${path}[${name}]`;
    const problem = name.includes("/") ? qualifiedNameProblem(name) : resourceProblem(name);
    if (problem !== undefined) return [invalidValue(at, name, problem)];
    const value = quantityOf(amount);
    if (value === undefined) {
      return [invalidValue(at, amount, `quantities must match the regular expression '${quantityForm}'`)];
    }
    return value < 0 ? [invalidValue(at, amount, "must be greater than or equal to 0")] : [];
  });
}

const standard = ["cpu", "memory", "ephemeral-storage"];

function resourceProblem(name: string): string | undefined {
  if (standard.includes(name) || name.startsWith("hugepages-")) return undefined;
  return "must be a standard resource type or fully qualified";
}

function membersOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
