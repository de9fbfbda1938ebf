import { type FieldError, isJsonObject, type JsonObject, type JsonValue } from "../../kinds.ts";
import { objectsAt } from "../../printing/member-at.ts";
import { forbiddenValue, invalidValue, labelValueProblem, qualifiedNameProblem, requiredValue } from "../names.ts";

/** Whether labels are what a `metav1.LabelSelector` asks for; an empty one matches everything. */
export function matchesSelector(selector: JsonObject, labels: JsonObject): boolean {
  const wanted = Object.entries(membersOf(selector["matchLabels"]));
  if (wanted.some(([key, value]) => labelOf(labels, key) !== value)) return false;
  return objectsAt(selector, "matchExpressions").every((requirement) => holds(requirement, labels));
}

function holds({ key, operator, values }: JsonObject, labels: JsonObject): boolean {
  const value = labelOf(labels, String(key));
  const isListed = value !== undefined && Array.isArray(values) && values.includes(value);
  if (operator === "In") return isListed;
  if (operator === "NotIn") return !isListed;
  return operator === "Exists" ? value !== undefined : value === undefined;
}

/** Keys, values and operators of a label selector. */
export function validateSelector(selector: JsonObject, path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  for (const [key, value] of Object.entries(membersOf(selector["matchLabels"]))) {
    const problem = qualifiedNameProblem(key);
    if (problem !== undefined) errors.push(invalidValue(`${path}.matchLabels`, key, problem));
    const wrong = labelValueProblem(String(value));
    if (wrong !== undefined) errors.push(invalidValue(`${path}.matchLabels`, value, wrong));
  }
  for (const [i, requirement] of objectsAt(selector, "matchExpressions").entries()) {
    errors.push(...validateRequirement(requirement, `${path}.matchExpressions[${i}]`));
  }
  return errors;
}

function validateRequirement({ key, operator, values }: JsonObject, path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  const hasValues = Array.isArray(values) && values.length > 0;
  if (operator === "In" || operator === "NotIn") {
    const why = "must be specified when `operator` is 'In' or 'NotIn'";
    if (!hasValues) errors.push(requiredValue(`${path}.values`, why));
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    const why = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
    if (hasValues) errors.push(forbiddenValue(`${path}.values`, why));
  } else {
    errors.push(invalidValue(`${path}.operator`, operator, "not a valid selector operator"));
  }
  const problem = qualifiedNameProblem(String(key));
  if (problem !== undefined) errors.push(invalidValue(`${path}.key`, key, problem));
  return errors;
}

function labelOf(labels: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

function membersOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
