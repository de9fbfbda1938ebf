import { type FieldError, isJsonObject, type JsonObject, type JsonValue } from "../kinds.ts";
import { deepEqual } from "../registry/deep-equal.ts";
import { invalidValue, notSupportedValue, requiredValue } from "../registry/names.ts";
import { validateComposition } from "./composition.ts";
import { hasFormat } from "./formats.ts";
import { validateListType } from "./list-type.ts";
import type { SchemaNode } from "./schema-node.ts";

/** Everything wrong with a value. Below a value of the wrong type nothing is looked at. */
export function validateValue(value: JsonValue, node: SchemaNode, path: string): FieldError[] {
  if (value === null && node.nullable) return [];
  const type = typeOf(value);
  if (node.types.length > 0 && !node.types.some((allowed) => allowed === type || isIntegerAsNumber(allowed, type))) {
    return [typeInvalid(path, type, node.types.join(","), type)];
  }
  return [
    ...validateEnum(value, node, path),
    ...(typeof value === "string" ? validateText(value, node, path) : []),
    ...(typeof value === "number" ? validateNumber(value, node, path) : []),
    ...(Array.isArray(value) ? validateList(value as readonly JsonValue[], node, path) : []),
    ...(isJsonObject(value) ? validateMembers(value, node, path) : []),
    ...validateComposition(value, node, path, validateValue),
  ];
}

function validateEnum(value: JsonValue, node: SchemaNode, path: string): FieldError[] {
  if (node.enum === undefined || node.enum.some((allowed) => deepEqual(allowed, value))) return [];
  const supported = node.enum.map((allowed) => (typeof allowed === "string" ? allowed : JSON.stringify(allowed)));
  return [notSupportedValue(path, value, supported)];
}

function validateText(text: string, { bounds, pattern, format }: SchemaNode, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const length = [...text].length;
  const shortest = bounds.get("minLength");
  const longest = bounds.get("maxLength");
  if (shortest !== undefined && length < shortest) {
    errors.push(invalidValue(path, text, `${path} in body should be at least ${shortest} chars long`));
  }
  if (longest !== undefined && length > longest) {
    const message = `Too long: may not be more than ${longest} ${longest === 1 ? "byte" : "bytes"}`;
    errors.push({ field: path, reason: "FieldValueTooLong", message });
  }
  if (pattern !== undefined && !pattern.regExp.test(text)) {
    errors.push(invalidValue(path, text, `${path} in body should match '${pattern.text}'`));
  }
  if (format !== undefined && !hasFormat(text, format)) errors.push(typeInvalid(path, text, format, text));
  return errors;
}

function validateNumber(value: number, node: SchemaNode, path: string): FieldError[] {
  const { bounds, exclusiveMinimum, exclusiveMaximum, format } = node;
  const errors: FieldError[] = [];
  const wrong = (why: string) => errors.push(invalidValue(path, value, `${path} in body should be ${why}`));
  const minimum = bounds.get("minimum");
  const maximum = bounds.get("maximum");
  const unit = bounds.get("multipleOf");
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum)) {
    wrong(`greater than ${exclusiveMinimum ? "" : "or equal to "}${minimum}`);
  }
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum)) {
    wrong(`less than ${exclusiveMaximum ? "" : "or equal to "}${maximum}`);
  }
  if (unit !== undefined && !isMultiple(value, unit)) wrong(`a multiple of ${unit}`);
  if (format !== undefined && !hasFormat(value, format)) errors.push(typeInvalid(path, value, format, String(value)));
  return errors;
}

function validateList(list: readonly JsonValue[], node: SchemaNode, path: string): FieldError[] {
  const { items } = node;
  const below = items === undefined ? [] : list.flatMap((item, i) => validateValue(item, items, `${path}[${i}]`));
  return [...validateCount(list.length, node, path, "Items"), ...validateListType(list, node, path), ...below];
}

function validateMembers(object: JsonObject, node: SchemaNode, path: string): FieldError[] {
  const at = (name: string) => (path === "" ? name : `${path}.${name}`);
  const required = node.embedded ? [...node.required, "apiVersion", "kind"] : node.required;
  const isMissing = (name: string) => !Object.hasOwn(object, name) || (object[name] === "" && node.embedded);
  return [
    ...validateCount(Object.keys(object).length, node, path, "Properties"),
    ...[...new Set(required)].filter(isMissing).map((name) => requiredValue(at(name))),
    ...Object.entries(object).flatMap(([name, member]) => {
      const property = node.properties.get(name) ?? node.additional;
      return property === undefined ? [] : validateValue(member, property, at(name));
    }),
  ];
}

function validateCount(count: number, node: SchemaNode, path: string, what: "Items" | "Properties"): FieldError[] {
  const least = node.bounds.get(`min${what}`);
  const most = node.bounds.get(`max${what}`);
  if (least !== undefined && count < least) {
    return [invalidValue(path, count, `${path} in body should have at least ${least} ${what.toLowerCase()}`)];
  }
  if (most === undefined || count <= most) return [];
  const message = `Too many: ${count}: must have at most ${most} ${most === 1 ? "item" : "items"}`;
  return [{ field: path, reason: "FieldValueTooMany", message }];
}

function typeInvalid(path: string, value: JsonValue, expected: string, found: string): FieldError {
  const why = `${path} in body must be of type ${expected}: ${JSON.stringify(found)}`;
  return { ...invalidValue(path, value, why), reason: "FieldValueTypeInvalid" };
}

function typeOf(value: JsonValue): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : typeof value;
}

function isIntegerAsNumber(allowed: string, type: string): boolean {
  return allowed === "number" && type === "integer";
}

/** Tells 0.3 from no multiple of 0.1, although their quotient is 2.9999999999999996. */
function isMultiple(value: number, unit: number): boolean {
  const quotient = value / unit;
  return Math.abs(quotient - Math.round(quotient)) <= 1e-9 * Math.max(1, Math.abs(quotient));
}
