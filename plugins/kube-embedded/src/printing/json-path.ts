import { isJsonObject, type JsonValue } from "../kinds.ts";
import { type JsonPathFilter, type JsonPathStep, parseJsonPath } from "./json-path-parser.ts";

/**
 * Reads the simple JSONPath of printer columns and `kubectl -o jsonpath` (dotted and quoted names, indices, slices,
 * `[*]`, filters) and returns what finds the values of an object.
 *
 * @throws `SKERRY_KUBE_EMBEDDED_JSON_PATH` (invalid)
 */
export function jsonPath(text: string): (value: JsonValue) => readonly JsonValue[] {
  const steps = parseJsonPath(text);
  return (value) => found(value, steps);
}

function found(value: JsonValue, steps: readonly JsonPathStep[]): readonly JsonValue[] {
  return steps.reduce<readonly JsonValue[]>((values, step) => values.flatMap((it) => membersOf(it, step)), [value]);
}

function membersOf(value: JsonValue, step: JsonPathStep): readonly JsonValue[] {
  const list = Array.isArray(value) ? (value as readonly JsonValue[]) : undefined;
  switch (step.type) {
    case "name":
      return isJsonObject(value) && Object.hasOwn(value, step.name) ? [value[step.name] ?? null] : [];
    case "index":
      return list?.slice(step.index).slice(0, 1) ?? [];
    case "slice":
      return list?.slice(step.from, step.to) ?? [];
    case "all":
      return list ?? (isJsonObject(value) ? Object.values(value) : []);
    case "filter":
      return list?.filter((item) => passes(item, step.filter)) ?? [];
  }
}

function passes(item: JsonValue, { path, operator, operand }: JsonPathFilter): boolean {
  const [value] = found(item, path);
  if (operator === undefined) return value !== undefined;
  if (operator === "==") return value === operand;
  if (value === undefined) return false;
  if (operator === "!=") return value !== operand;
  if (typeof value === "number" && typeof operand === "number") return compares(value, operator, operand);
  return typeof value === "string" && typeof operand === "string" && compares(value, operator, operand);
}

function compares<T extends string | number>(left: T, operator: string, right: T): boolean {
  if (operator === "<") return left < right;
  if (operator === "<=") return left <= right;
  return operator === ">" ? left > right : left >= right;
}
