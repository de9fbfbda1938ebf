import { isJsonObject, type JsonObject, type JsonValue } from "../kinds.ts";
import { patchError } from "./errors.ts";

export const elementOrderPrefix = "$setElementOrder/";
export const deletedFromPrefix = "$deleteFromPrimitiveList/";
const patchMember = "$patch";
const retainKeysMember = "$retainKeys";

export function isDirective(name: string): boolean {
  return (
    name === patchMember ||
    name === retainKeysMember ||
    name.startsWith(elementOrderPrefix) ||
    name.startsWith(deletedFromPrefix)
  );
}

/** What `$patch` of an object says. */
export function directiveOf(patch: JsonValue): "delete" | "replace" | "merge" | undefined {
  const directive = isJsonObject(patch) ? patch[patchMember] : undefined;
  if (directive === undefined || directive === "delete" || directive === "replace" || directive === "merge") {
    return directive;
  }
  throw patchError(`unknown $patch ${JSON.stringify(directive)}: it is delete, replace or merge`);
}

/** The members that `$retainKeys` lets stay; every member of the patch has to be among them. */
export function retainKeys(patch: JsonObject): readonly JsonValue[] | undefined {
  const keys = patch[retainKeysMember];
  if (keys === undefined) return undefined;
  if (!Array.isArray(keys)) throw patchError("$retainKeys is not a list");
  const list = keys as readonly JsonValue[];
  const other = Object.keys(patch).find((name) => !isDirective(name) && patch[name] !== null && !list.includes(name));
  if (other !== undefined)
    throw patchError(`the patch sets ${JSON.stringify(other)}, which is not among its $retainKeys`);
  return list;
}

export function withoutKeys(object: JsonObject, retained: readonly JsonValue[] | undefined): JsonObject {
  if (retained === undefined) return object;
  return Object.fromEntries(Object.entries(object).filter(([name]) => retained.includes(name)));
}

/** A value of a patch that meets nothing in the object: without directives, and without nulls. */
export function fresh(value: JsonValue): JsonValue {
  if (Array.isArray(value)) {
    return (value as readonly JsonValue[]).filter((item) => !isOnlyDirective(item)).map(fresh);
  }
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, member]) => !isDirective(name) && member !== null)
      .map(([name, member]) => [name, fresh(member)]),
  );
}

function isOnlyDirective(item: JsonValue): boolean {
  if (!isJsonObject(item)) return false;
  return directiveOf(item) === "delete" || (patchMember in item && Object.keys(item).length === 1);
}
