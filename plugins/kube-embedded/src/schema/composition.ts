import type { FieldError, JsonValue } from "../kinds.ts";
import { invalidValue } from "../registry/names.ts";
import type { SchemaNode } from "./schema-node.ts";

type Validate = (value: JsonValue, node: SchemaNode, path: string) => FieldError[];

/** `allOf`, `anyOf`, `oneOf` and `not`. Where no branch fits, the errors of the best one are told as well. */
export function validateComposition(
  value: JsonValue,
  node: SchemaNode,
  path: string,
  validate: Validate,
): FieldError[] {
  const wrong = (why: string) => invalidValue(path, "", `${JSON.stringify(path)} must ${why}`);
  const resultsOf = (branches: readonly SchemaNode[]) => branches.map((branch) => validate(value, branch, path));
  const errors: FieldError[] = [];

  const all = resultsOf(node.allOf).flat();
  if (all.length > 0) errors.push(wrong("validate all the schemas (allOf)"), ...all);

  const any = resultsOf(node.anyOf);
  if (any.length > 0 && !any.some(isValid)) errors.push(wrong("validate at least one schema (anyOf)"), ...best(any));

  const one = resultsOf(node.oneOf);
  const valid = one.filter(isValid).length;
  if (one.length > 0 && valid !== 1) {
    const found = valid === 0 ? "Found none valid" : `Found ${valid} valid alternatives`;
    errors.push(wrong(`validate one and only one schema (oneOf). ${found}`), ...(valid === 0 ? best(one) : []));
  }

  if (node.not !== undefined && isValid(validate(value, node.not, path))) {
    errors.push(wrong("not validate the schema (not)"));
  }
  return errors;
}

function isValid(result: readonly FieldError[]): boolean {
  return result.length === 0;
}

function best(results: readonly FieldError[][]): readonly FieldError[] {
  return results.reduce((left, right) => (right.length < left.length ? right : left));
}
