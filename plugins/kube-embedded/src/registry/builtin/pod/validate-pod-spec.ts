import type { FieldError, JsonObject } from "../../../kinds.ts";

export function validatePodSpec(_spec: JsonObject, _path: string): readonly FieldError[] {
  return [];
}
