import type { ExtensionPoint } from "./extension-point.ts";
import type { ManifestSource } from "./manifest.ts";
import type { Token } from "./token.ts";

// biome-ignore lint/suspicious/noExplicitAny: constructor parameters are checked by inject(), one by one.
export type Implementation<T> = new (...args: any[]) => T;

/**
 * What a plugin's set-up may do: say which class answers which contract. There is no way to ask for a
 * service here; classes receive theirs through constructor parameters marked with `inject(token)`.
 * A class that appears several times is constructed once per plugin.
 */
export interface PluginScope {
  /** Answers a contract listed under `provides`. */
  provide<T>(token: Token<T>, implementation: Implementation<T>): void;
  /** Fills an extension point listed under `contributes`. */
  contribute<T>(point: ExtensionPoint<T>, implementation: Implementation<T>): void;
  /** Binds a token private to this plugin, so that its own classes can receive each other. */
  bind<T>(token: Token<T>, implementation: Implementation<T>): void;
  /** Constructs and starts a class that answers no contract: a reconciler, a server. */
  run(implementation: Implementation<object>): void;
}

export interface Plugin {
  readonly manifest: ManifestSource;
  readonly setup: (scope: PluginScope) => void;
}

/**
 * Pairs a manifest with the wiring of its classes.
 *
 * @param manifest the imported `plugin.json`
 * @param setup wiring only: it is called once, synchronously, after the whole boot plan was accepted
 */
export function definePlugin(manifest: ManifestSource, setup: (scope: PluginScope) => void): Plugin {
  return Object.freeze({ manifest, setup });
}
