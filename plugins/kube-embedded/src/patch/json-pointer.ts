import { deepestPatch, patchError } from "./errors.ts";

export type MutableJson = null | boolean | number | string | MutableJson[] | MutableObject;
export interface MutableObject {
  [name: string]: MutableJson;
}

/** The reference tokens of a JSON pointer (RFC 6901). */
export function pointerOf(text: string): readonly string[] {
  if (text === "") return [];
  if (!text.startsWith("/")) throw patchError(`the pointer ${JSON.stringify(text)} does not start with /`);
  const tokens = text.slice(1).split("/");
  if (tokens.length > deepestPatch) throw patchError(`the pointer has more than ${deepestPatch} parts`);
  return tokens.map((token) => {
    if (/~(?![01])/.test(token)) throw patchError(`the pointer ${JSON.stringify(text)} has a ~ that escapes nothing`);
    const name = token.replaceAll("~1", "/").replaceAll("~0", "~");
    // Assigning to it would change the prototype of the object instead.
    if (name === "__proto__") throw patchError("no member can be named __proto__");
    return name;
  });
}

/** Where the last token of a pointer is looked up. */
export function containerAt(root: MutableObject, pointer: readonly string[]): MutableJson[] | MutableObject {
  const value = valueAt(root, pointer.slice(0, -1));
  if (typeof value === "object" && value !== null) return value;
  throw patchError(`${JSON.stringify(pointer.at(-1))} is looked for in a value that has no members`);
}

/** What a pointer points to; throws where there is nothing. */
export function valueAt(root: MutableObject, pointer: readonly string[]): MutableJson {
  let value: MutableJson = root;
  for (const token of pointer) {
    const container: MutableJson = value;
    const member: MutableJson | undefined = Array.isArray(container)
      ? container[indexOf(token, container.length - 1)]
      : typeof container === "object" && container !== null && Object.hasOwn(container, token)
        ? container[token]
        : undefined;
    if (member === undefined) throw patchError(`there is no ${JSON.stringify(token)}`);
    value = member;
  }
  return value;
}

/** Position of a token in an array; `end` is the highest that is allowed. */
export function indexOf(token: string, end: number): number {
  if (!/^(0|[1-9]\d*)$/.test(token)) throw patchError(`${JSON.stringify(token)} is no array index`);
  const index = Number(token);
  if (index > end) throw patchError(`the array index ${token} is out of bounds`);
  return index;
}
