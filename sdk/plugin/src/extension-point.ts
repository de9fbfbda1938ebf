import { defineToken, type Token } from "./token.ts";

/** What one plugin put into an extension point. */
export interface Contribution<T> {
  readonly plugin: string;
  readonly value: T;
}

/**
 * The owner's view of its extension point. Complete and in boot order when the owner's `start` is
 * called; every contributor has started by then. Reading it earlier is refused.
 */
export interface Contributions<T> {
  all(): readonly Contribution<T>[];
}

export interface ExtensionPoint<T> {
  /** `<owner>.<name>/<major>`, for instance `replica.interest/1`. */
  readonly id: string;
  /** What the owner injects. */
  readonly contributions: Token<Contributions<T>>;
}

export function defineExtensionPoint<T>(id: string): ExtensionPoint<T> {
  return Object.freeze({ id, contributions: defineToken<Contributions<T>>(id) });
}
