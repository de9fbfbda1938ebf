import { type Implementation, type SkerryError, type Token, tokensOf } from "@skerry/plugin";
import { errors } from "./errors.ts";

/** What a plugin's classes may ask for, by token id. */
export interface Allowed {
  readonly visible: (id: string) => boolean;
  /** Nobody need provide it. */
  readonly absent: (id: string) => boolean;
}

/** What is wrong with the constructor of a class: parameters without a token, and tokens that are not declared. */
export function checkClass(
  plugin: string,
  implementation: Implementation<unknown>,
  allowed: Allowed,
): readonly SkerryError[] {
  const subject = nameOf(implementation);
  const owner = constructorOf(implementation);
  const tokens = tokensOf(owner);
  const count = Math.max(owner.length, ...[...tokens.keys()].map((index) => index + 1));
  return Array.from({ length: count }, (_, index) => {
    const token = tokens.get(index);
    // A default value ends what `length` counts: the container would not know whether to use it.
    if (token === undefined || index >= owner.length)
      return errors.create("SKERRY_PLUGIN_BARE_PARAMETER", { plugin, subject, index });
    const wrong = wrongWith(token, allowed);
    return wrong && errors.create("SKERRY_PLUGIN_UNDECLARED", { plugin, subject, ...wrong });
  }).filter((problem) => problem !== undefined);
}

function wrongWith({ id, absent }: Token<unknown>, allowed: Allowed) {
  if (!allowed.visible(id)) {
    return { problem: `asks for ${id}, which is not declared`, field: absent ? "optional" : "requires" };
  }
  if (absent || !allowed.absent(id)) return undefined;
  return { problem: `needs ${id}, which is only optional (say so with optional())`, field: "requires" };
}

/** The class whose constructor takes the parameters: a subclass without a constructor passes on those of its parent. */
export function constructorOf(implementation: Implementation<unknown>): Implementation<unknown> {
  for (let current: unknown = implementation; typeof current === "function"; current = Object.getPrototypeOf(current)) {
    if (tokensOf(current).size > 0 || ownConstructor.test(String(current))) return current as typeof implementation;
  }
  return implementation;
}

/** Nothing but its text tells a class that has a constructor without parameters from one that has none. */
const ownConstructor = /\bconstructor\s*\(/;

export function nameOf(implementation: Implementation<unknown>): string {
  return implementation.name || "a class without a name";
}
