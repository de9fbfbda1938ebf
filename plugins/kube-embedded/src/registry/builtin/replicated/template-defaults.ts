import { isJsonObject, type JsonObject } from "../../../kinds.ts";
import { withSpecDefaults } from "../pod/spec-defaults.ts";

/** The spec of a controller with its template's pod completed. */
export function withTemplateDefaults(spec: JsonObject): JsonObject {
  const { template } = spec;
  if (!isJsonObject(template) || !isJsonObject(template["spec"])) return spec;
  return { ...spec, template: { ...template, spec: withSpecDefaults(template["spec"]) } };
}
