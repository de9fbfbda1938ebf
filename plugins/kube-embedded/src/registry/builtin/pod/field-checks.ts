import type { FieldError, JsonObject } from "../../../kinds.ts";
import { invalidValue, requiredValue } from "../../names.ts";

export function duplicateValue(field: string, value: unknown): FieldError {
  return { field, reason: "FieldValueDuplicate", message: `Duplicate value: ${JSON.stringify(value)}` };
}

/** The name of an item of a list: present, of the right form, and not in `names`, which it joins. */
export function named(
  item: JsonObject,
  path: string,
  problemOf: (name: string) => string | undefined,
  names: Set<string>,
): readonly FieldError[] {
  const { name } = item;
  // Where it is missing altogether, the schema has said so.
  if (typeof name !== "string") return [];
  if (name === "") return [requiredValue(`${path}.name`)];
  const problem = problemOf(name);
  if (problem !== undefined) return [invalidValue(`${path}.name`, name, problem)];
  if (names.has(name)) return [duplicateValue(`${path}.name`, name)];
  names.add(name);
  return [];
}
