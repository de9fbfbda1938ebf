import { defineToken, type Token } from "@skerry/plugin";

/**
 * The token under which a plugin receives its own settings: validated against the schema in its
 * manifest, defaults filled in, deeply frozen. Every plugin sees only its own.
 */
export function settingsToken<T extends object>(): Token<Readonly<T>> {
  return defineToken<Readonly<T>>(settingsTokenId);
}

export const settingsTokenId = "kernel.settings/1";
