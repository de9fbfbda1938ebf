import "reflect-metadata";
import { inject as tsyringeInject } from "tsyringe";

declare const service: unique symbol;

/**
 * Names a contract and carries its type. Two copies of the SDK in one process agree on a token,
 * because `key` is taken from the global symbol registry.
 */
export interface Token<T> {
  /** `<area>.<name>/<major>`, for instance `storage.key-value/1`. */
  readonly id: string;
  readonly key: symbol;
  /** Set by {@link optional}: who asks with this token can do without. */
  readonly absent?: "possible";
  /** Phantom: never present at run time. */
  readonly [service]?: () => T;
}

/** Makes the token of a contract. A breaking change of the contract is a new major in the id. */
export function defineToken<T>(id: string): Token<T> {
  return Object.freeze({ id, key: Symbol.for(`skerry:${id}`) });
}

/** The same token for a dependency listed under `optional`: injected as `undefined` when nobody provides it. */
export function optional<T>(token: Token<T>): Token<T | undefined> {
  return Object.freeze({ id: token.id, key: token.key, absent: "possible" });
}

type Constructor = abstract new (...args: never[]) => unknown;
// In brackets, so that a union must fit as a whole: `T | undefined` is not answered by `T` alone.
type Fits<T, C extends Constructor, I extends number> = [T] extends [ConstructorParameters<C>[I]]
  ? unknown
  : { "the token does not fit this parameter": T };

const wanted = new WeakMap<object, Map<number, Token<unknown>>>();

/** The tokens a class asks for, by constructor parameter. The host compares them with the manifest. */
export function tokensOf(target: object): ReadonlyMap<number, Token<unknown>> {
  return wanted.get(target) ?? new Map();
}

/**
 * Marks a constructor parameter with the contract it receives.
 * A token whose type does not fit the parameter is a compile error.
 */
export function inject<T>(token: Token<T>) {
  return <C extends Constructor, I extends number>(target: C & Fits<T, C, I>, _: undefined, index: I): void => {
    const tokens = wanted.get(target) ?? new Map<number, Token<unknown>>();
    tokens.set(index, token);
    wanted.set(target, tokens);
    tsyringeInject(token.key)(target, undefined, index);
  };
}
