import { type Implementation, type Manifest, type PluginScope, type Token, tokensOf } from "@skerry/plugin";
import { container, type DependencyContainer, injectable } from "tsyringe";
import { errors } from "./errors.ts";

/** Gives what a token stands for; resolved in the plugin that provides it. */
export type Bridge = () => unknown;

// The container of a plugin is a child of this one, in which nothing is ever registered. tsyringe shares a
// parent's singletons with its children and disposes them with the child that asked first.
const emptyRoot: DependencyContainer = container.createChildContainer();

/**
 * What one plugin can see: the contracts its manifest declares, bridged from their owners, and its own
 * classes. Anything else is refused while the plugin is set up.
 */
export class PluginContainer implements PluginScope {
  readonly #manifest: Manifest;
  readonly #container = emptyRoot.createChildContainer();
  readonly #visible: Set<string>;
  readonly #answers = new Map<string, Implementation<unknown>>();
  readonly #contributions = new Map<string, Implementation<unknown>[]>();
  readonly #classes = new Set<Implementation<unknown>>();
  readonly #instances = new Map<Implementation<unknown>, object>();
  readonly #building = new Set<Implementation<unknown>>();

  /** @param bridges by token id; `undefined` values stand for optional contracts nobody provides */
  constructor(manifest: Manifest, bridges: ReadonlyMap<string, Bridge>) {
    this.#manifest = manifest;
    this.#visible = new Set(bridges.keys());
    for (const [id, bridge] of bridges) this.#container.register(keyOf(id), { useFactory: bridge });
  }

  provide<T>(token: Token<T>, implementation: Implementation<T>): void {
    this.#demand(this.#manifest.provides, "provides", token.id, `provides ${token.id}, which is not declared`);
    this.#answers.set(token.id, implementation);
    this.bind(token, implementation);
  }

  contribute<T>(point: { readonly id: string }, implementation: Implementation<T>): void {
    this.#demand(this.#manifest.contributes, "contributes", point.id, `fills ${point.id}, which is not declared`);
    this.#contributions.set(point.id, [...(this.#contributions.get(point.id) ?? []), implementation]);
    this.#classes.add(implementation);
  }

  bind<T>(token: Token<T>, implementation: Implementation<T>): void {
    this.#visible.add(token.id);
    this.#classes.add(implementation);
    this.#container.register(token.key, { useFactory: () => this.#instance(implementation) });
  }

  run(implementation: Implementation<object>): void {
    this.#classes.add(implementation);
  }

  /** Holds what set-up did against the manifest and against what each class asks for. */
  check(): void {
    const { id: plugin, provides = [], contributes = [] } = this.#manifest;
    const answered = new Set([...this.#answers.keys(), ...this.#contributions.keys()]);
    for (const id of [...provides, ...contributes]) {
      if (!answered.has(id)) throw errors.create("SKERRY_PLUGIN_UNPROVIDED", { plugin, id });
    }
    for (const implementation of this.#classes) this.#checkParameters(implementation);
  }

  /** Constructs every class that was named in set-up, each once. */
  construct(): void {
    for (const implementation of this.#classes) this.#instance(implementation);
  }

  /** Every object, each after those it received. */
  instances(): readonly object[] {
    return [...this.#instances.values()];
  }

  /** What this plugin answers a contract with. */
  answer(token: string): unknown {
    const implementation = this.#answers.get(token);
    return implementation && this.#instance(implementation);
  }

  contributed(point: string): readonly unknown[] {
    return (this.#contributions.get(point) ?? []).map((implementation) => this.#instance(implementation));
  }

  #instance(implementation: Implementation<unknown>): object {
    const existing = this.#instances.get(implementation);
    if (existing) return existing;
    const { id: plugin } = this.#manifest;
    const subject = implementation.name;
    if (this.#building.has(implementation)) {
      const problem = "its classes receive each other in a circle";
      throw errors.create("SKERRY_PLUGIN_CONSTRUCT_FAILED", { plugin, subject, problem });
    }
    this.#building.add(implementation);
    try {
      injectable()(implementation);
      const instance = this.#container.resolve(implementation) as object;
      this.#instances.set(implementation, instance);
      return instance;
    } catch (cause) {
      const problem = cause instanceof Error ? cause.message : String(cause);
      throw errors.create("SKERRY_PLUGIN_CONSTRUCT_FAILED", { plugin, subject, problem }, cause);
    } finally {
      this.#building.delete(implementation);
    }
  }

  #checkParameters(implementation: Implementation<unknown>): void {
    const { id: plugin } = this.#manifest;
    const subject = implementation.name;
    const tokens = tokensOf(implementation);
    for (let index = 0; index < Math.max(implementation.length, tokens.size); index += 1) {
      const token = tokens.get(index);
      if (token === undefined || index >= implementation.length) {
        throw errors.create("SKERRY_PLUGIN_BARE_PARAMETER", { plugin, subject, index });
      }
      if (this.#visible.has(token.id)) continue;
      const problem = `asks for ${token.id}, which is not declared`;
      throw errors.create("SKERRY_PLUGIN_UNDECLARED", { plugin, subject, problem, field: "requires" });
    }
  }

  #demand(declared: readonly string[] | undefined, field: string, id: string, problem: string): void {
    if (declared?.includes(id)) return;
    throw errors.create("SKERRY_PLUGIN_UNDECLARED", { plugin: this.#manifest.id, subject: "set-up", problem, field });
  }
}

function keyOf(id: string): symbol {
  return Symbol.for(`skerry:${id}`);
}
