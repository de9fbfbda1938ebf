import { type FieldError, isJsonObject, type JsonObject, type JsonValue } from "../../../kinds.ts";
import { memberAt } from "../../../printing/member-at.ts";
import type { ApiObject } from "../../api-object.ts";
import { deepEqual } from "../../deep-equal.ts";
import { invalidValue, notSupportedValue, requiredValue } from "../../names.ts";
import { matchesSelector, validateSelector } from "../label-selector.ts";
import { validatePodSpec } from "../pod/validate-pod-spec.ts";
import { validateTemplateMetadata } from "./validate-template-metadata.ts";

/** What Deployments and ReplicaSets have in common: counts, a selector that fits its template, and the template. */
export function validateReplicated(object: ApiObject, old: ApiObject | undefined): readonly FieldError[] {
  const spec = isJsonObject(object["spec"]) ? object["spec"] : {};
  return [
    ...notNegative(spec, "replicas"),
    ...notNegative(spec, "minReadySeconds"),
    ...selectorErrors(spec, old),
    ...templateErrors(spec),
  ];
}

export function notNegative(spec: JsonObject, name: string): readonly FieldError[] {
  const value = spec[name];
  if (typeof value !== "number" || value >= 0) return [];
  return [invalidValue(`spec.${name}`, value, "must be greater than or equal to 0")];
}

function selectorErrors(spec: JsonObject, old: ApiObject | undefined): readonly FieldError[] {
  const { selector, template } = spec;
  // The schema has said that it is required.
  if (!isJsonObject(selector)) return [];
  const errors = [...validateSelector(selector, "spec.selector")];
  if (isEmpty(selector)) {
    errors.push(invalidValue("spec.selector", selector, "empty selector is invalid for deployment"));
  } else if (isJsonObject(template) && !matchesSelector(selector, labelsOf(template))) {
    const labels = labelsOf(template);
    errors.push(invalidValue("spec.template.metadata.labels", labels, "`selector` does not match template `labels`"));
  }
  const before = old === undefined ? undefined : memberAt(old, "spec", "selector");
  if (before !== undefined && !deepEqual(before, selector)) {
    errors.push(invalidValue("spec.selector", selector, "field is immutable"));
  }
  return errors;
}

function templateErrors(spec: JsonObject): readonly FieldError[] {
  const { template } = spec;
  if (!isJsonObject(template)) return [];
  const at = "spec.template";
  const pod = template["spec"];
  const metadata = validateTemplateMetadata(template["metadata"], `${at}.metadata`);
  if (!isJsonObject(pod)) return [...metadata, requiredValue(`${at}.spec.containers`)];
  const policy = pod["restartPolicy"];
  const wrongPolicy =
    policy === undefined || policy === "Always"
      ? []
      : [notSupportedValue(`${at}.spec.restartPolicy`, policy, ["Always"])];
  return [...metadata, ...validatePodSpec(pod, `${at}.spec`), ...wrongPolicy];
}

function labelsOf(template: JsonObject): JsonObject {
  const labels = memberAt(template, "metadata", "labels");
  return isJsonObject(labels) ? labels : {};
}

function isEmpty({ matchLabels, matchExpressions }: JsonObject): boolean {
  const size = (value: JsonValue | undefined) => Object.keys(value ?? {}).length;
  return size(matchLabels) + size(matchExpressions) === 0;
}
