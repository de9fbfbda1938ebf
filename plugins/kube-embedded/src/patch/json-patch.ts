import { errorMessage } from "@skerry/plugin";
import type { JsonObject, JsonValue } from "../kinds.ts";
import { deepEqual } from "../registry/deep-equal.ts";
import { deepestPatch, patchError } from "./errors.ts";
import { containerAt, indexOf, type MutableJson, type MutableObject, pointerOf, valueAt } from "./json-pointer.ts";

/** All that one patch may copy, in characters of JSON: copies of copies grow without bound otherwise. */
const largestCopies = 3 * 1024 * 1024;

/**
 * RFC 6902. Neither argument is changed.
 *
 * @throws `SKERRY_KUBE_EMBEDDED_PATCH` (invalid) naming the operation that failed; then nothing is applied
 */
export function jsonPatch(target: JsonValue, operations: readonly JsonObject[]): JsonValue {
  const patching = new Patching(target);
  for (const [index, operation] of operations.entries()) {
    try {
      patching.apply(operation);
    } catch (error) {
      const shown = JSON.stringify({ op: operation["op"] ?? null, path: operation["path"] ?? null });
      throw patchError(`operation ${index} ${shown} of the JSON patch failed: ${errorMessage(error)}`);
    }
  }
  checkDepth(patching.document);
  return patching.document;
}

/** The document is a member of a holder, so that the empty pointer is like any other. */
const documentMember = "document";

class Patching {
  readonly #root: MutableObject;
  #copied = 0;

  constructor(target: JsonValue) {
    this.#root = { [documentMember]: clone(target) };
  }

  get document(): JsonValue {
    return this.#root[documentMember] ?? null;
  }

  apply(operation: JsonObject): void {
    const { op } = operation;
    const path = pointerIn(operation, "path");
    if (op === "add") this.#add(path, clone(valueIn(operation)));
    else if (op === "remove") this.#remove(path);
    else if (op === "replace") this.#replace(path, clone(valueIn(operation)));
    else if (op === "move") this.#move(pointerIn(operation, "from"), path);
    else if (op === "copy") this.#add(path, this.#copyOf(pointerIn(operation, "from")));
    else if (op === "test") this.#test(path, valueIn(operation));
    else throw patchError(`unknown operation ${JSON.stringify(op ?? null)}`);
  }

  #add(path: readonly string[], value: MutableJson): void {
    const container = containerAt(this.#root, path);
    const token = path.at(-1) ?? "";
    if (!Array.isArray(container)) container[token] = value;
    else container.splice(token === "-" ? container.length : indexOf(token, container.length), 0, value);
  }

  #replace(path: readonly string[], value: MutableJson): void {
    valueAt(this.#root, path);
    const container = containerAt(this.#root, path);
    const token = path.at(-1) ?? "";
    if (Array.isArray(container)) container[indexOf(token, container.length - 1)] = value;
    else container[token] = value;
  }

  #remove(path: readonly string[]): void {
    if (path.length === 1) throw patchError("the whole document cannot be removed");
    valueAt(this.#root, path);
    const container = containerAt(this.#root, path);
    const token = path.at(-1) ?? "";
    if (Array.isArray(container)) container.splice(indexOf(token, container.length - 1), 1);
    else delete container[token];
  }

  #move(from: readonly string[], path: readonly string[]): void {
    const value = valueAt(this.#root, from);
    if (from.every((token, index) => token === path[index])) {
      if (path.length === from.length) return;
      throw patchError("a value cannot be moved into itself");
    }
    this.#remove(from);
    this.#add(path, value);
  }

  #test(path: readonly string[], expected: JsonValue): void {
    if (!deepEqual(valueAt(this.#root, path), expected)) throw patchError("the value is another one");
  }

  #copyOf(from: readonly string[]): MutableJson {
    const text = JSON.stringify(valueAt(this.#root, from));
    this.#copied += text.length;
    if (this.#copied > largestCopies) throw patchError(`the patch copies more than ${largestCopies} characters`);
    return JSON.parse(text) as MutableJson;
  }
}

function pointerIn(operation: JsonObject, member: "path" | "from"): readonly string[] {
  const text = operation[member];
  if (typeof text !== "string") throw patchError(`${member} is not a string`);
  return [documentMember, ...pointerOf(text)];
}

function valueIn({ value }: JsonObject): JsonValue {
  if (value === undefined) throw patchError("it has no value");
  return value;
}

function clone(value: JsonValue): MutableJson {
  return structuredClone(value) as MutableJson;
}

/** Copies inside of copies reach depths that no body can have; a recursive walk would not survive them. */
function checkDepth(document: JsonValue): void {
  let level: readonly JsonValue[] = [document];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepestPatch) throw patchError(`the patched object is nested deeper than ${deepestPatch} levels`);
    level = level.flatMap((value) => (typeof value === "object" && value !== null ? Object.values(value) : []));
  }
}
