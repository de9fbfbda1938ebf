import { type FieldError, isJsonObject, type JsonObject } from "../../kinds.ts";
import type { ApiObject } from "../api-object.ts";
import { deepEqual } from "../deep-equal.ts";
import { configKeyProblem, forbiddenValue, invalidValue } from "../names.ts";

/** Largest sum of all values of a ConfigMap or Secret, in bytes. */
const largestData = 1024 * 1024;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export function dataOf(object: ApiObject, field: string): JsonObject {
  const value = object[field];
  return isJsonObject(value) ? value : {};
}

/** Keys, base64 and total size of the data of a ConfigMap or Secret. */
export function validateData(object: ApiObject, plain: string | undefined, encoded: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  let size = 0;
  for (const field of plain === undefined ? [encoded] : [plain, encoded]) {
    for (const [key, value] of Object.entries(dataOf(object, field))) {
      const problem = configKeyProblem(key);
      if (problem !== undefined) errors.push(invalidValue(`${field}[${key}]`, key, problem));
      if (plain !== undefined && field === encoded && Object.hasOwn(dataOf(object, plain), key)) {
        errors.push(invalidValue(`${field}[${key}]`, key, `duplicate of key present in ${plain}`));
      }
      if (typeof value !== "string") continue;
      if (field === encoded && !base64.test(value)) {
        errors.push(invalidValue(`${field}[${key}]`, "…", "must be base64"));
      }
      size += field === encoded ? Math.floor((value.length * 3) / 4) : Buffer.byteLength(value);
    }
  }
  if (size > largestData) {
    errors.push({
      field: "",
      reason: "FieldValueTooLong",
      message: `Too long: may not be more than ${largestData} bytes`,
    });
  }
  return errors;
}

/** Once `immutable` is set, it and the data stay. */
export function validateImmutable(
  object: ApiObject,
  old: ApiObject | undefined,
  fields: readonly string[],
): readonly FieldError[] {
  if (old?.["immutable"] !== true) return [];
  const why = "field is immutable when `immutable` is set";
  return ["immutable", ...fields]
    .filter((field) => !deepEqual(object[field] ?? null, old[field] ?? null))
    .map((field) => forbiddenValue(field, why));
}
