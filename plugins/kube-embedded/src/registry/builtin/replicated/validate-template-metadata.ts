import { type FieldError, isJsonObject, type JsonValue } from "../../../kinds.ts";
import type { Metadata } from "../../api-object.ts";
import { validateMetadata } from "../../metadata.ts";

/** Labels, annotations and finalizers that a template gives away. */
export function validateTemplateMetadata(metadata: JsonValue | undefined, path: string): readonly FieldError[] {
  if (!isJsonObject(metadata)) return [];
  return validateMetadata({ name: "", ...metadata } as Metadata).map((error) => ({
    ...error,
    field: error.field.replace(/^metadata/, path),
  }));
}
