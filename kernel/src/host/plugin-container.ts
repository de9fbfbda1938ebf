import {
  type Implementation,
  type Manifest,
  type PluginScope,
  type SkerryError,
  type Token,
  tokensOf,
} from "@skerry/plugin";
import { container, type DependencyContainer, injectable, inject as tsyringeInject } from "tsyringe";
import { checkClass, constructorOf, nameOf } from "./class-check.ts";
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
  readonly #bridged: ReadonlySet<string>;
  readonly #bound = new Map<string, Implementation<unknown>>();
  readonly #contributions = new Map<string, Set<Implementation<unknown>>>();
  readonly #classes = new Set<Implementation<unknown>>();
  readonly #instances = new Map<Implementation<unknown>, object>();
  readonly #building = new Set<Implementation<unknown>>();
  #failure: SkerryError | undefined;
  #open = true;

  /** @param bridges by token id; they give `undefined` for optional contracts nobody provides */
  constructor(manifest: Manifest, bridges: ReadonlyMap<string, Bridge>) {
    this.#manifest = manifest;
    this.#bridged = new Set(bridges.keys());
    for (const [id, bridge] of bridges) this.#container.register(keyOf(id), { useFactory: bridge });
  }

  provide<T>(token: Token<T>, implementation: Implementation<T>): void {
    this.#demand("provides", token.id);
    this.#register(token, implementation);
  }

  contribute<T>(point: { readonly id: string }, implementation: Implementation<T>): void {
    this.#demand("contributes", point.id);
    this.run(implementation as Implementation<object>);
    const contributed = this.#contributions.get(point.id) ?? new Set();
    this.#contributions.set(point.id, contributed.add(implementation));
  }

  bind<T>(token: Token<T>, implementation: Implementation<T>): void {
    const { id: plugin, provides } = this.#manifest;
    if (this.#bridged.has(token.id) || provides?.includes(token.id)) {
      const first = "the manifest";
      const second = nameOf(implementation);
      throw errors.create("SKERRY_PLUGIN_ANSWERED_TWICE", { plugin, token: token.id, first, second });
    }
    this.#register(token, implementation);
  }

  run(implementation: Implementation<object>): void {
    if (!this.#open) throw errors.create("SKERRY_PLUGIN_SETUP_OVER", { plugin: this.#manifest.id });
    this.#classes.add(implementation);
  }

  /** Ends set-up; gives all that is wrong with it, held against the manifest and against what each class asks for. */
  check(): readonly SkerryError[] {
    this.#open = false;
    const { id: plugin, provides = [], contributes = [] } = this.#manifest;
    const unanswered = [...provides, ...contributes].filter(
      (id) => !this.#bound.has(id) && !this.#contributions.has(id),
    );
    return [
      ...unanswered.map((id) => errors.create("SKERRY_PLUGIN_UNPROVIDED", { plugin, id })),
      ...[...this.#classes].flatMap((implementation) => this.#checkClass(implementation)),
    ];
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
    const implementation = this.#manifest.provides?.includes(token) ? this.#bound.get(token) : undefined;
    return implementation && this.#instance(implementation);
  }

  contributed(point: string): readonly unknown[] {
    return [...(this.#contributions.get(point) ?? [])].map((implementation) => this.#instance(implementation));
  }

  #register<T>(token: Token<T>, implementation: Implementation<T>): void {
    const first = this.#bound.get(token.id);
    if (first !== undefined) {
      const details = {
        plugin: this.#manifest.id,
        token: token.id,
        first: nameOf(first),
        second: nameOf(implementation),
      };
      throw errors.create("SKERRY_PLUGIN_ANSWERED_TWICE", details);
    }
    this.run(implementation as Implementation<object>);
    this.#bound.set(token.id, implementation);
    this.#container.register(token.key, { useFactory: () => this.#instance(implementation) });
  }

  #checkClass(implementation: Implementation<unknown>): readonly SkerryError[] {
    const { id: plugin, optional = [], requires = [] } = this.#manifest;
    // tsyringe would share such an object between plugins, and between the kernels of one process.
    if (this.#container.isRegistered(implementation, true)) {
      return [errors.create("SKERRY_PLUGIN_GLOBAL_CLASS", { plugin, subject: nameOf(implementation) })];
    }
    return checkClass(plugin, implementation, {
      visible: (id) => this.#bridged.has(id) || this.#bound.has(id),
      absent: (id) => optional.includes(id) && !requires.includes(id) && !this.#bound.has(id),
    });
  }

  #instance(implementation: Implementation<unknown>): object {
    const existing = this.#instances.get(implementation);
    if (existing) return existing;
    if (this.#building.has(implementation))
      throw this.#fail(implementation, "its classes receive each other in a circle");
    this.#building.add(implementation);
    try {
      prepare(implementation);
      const instance = this.#container.resolve(implementation) as object;
      this.#instances.set(implementation, instance);
      return instance;
    } catch (cause) {
      // tsyringe wraps what a dependency threw; the first failure names the culprit.
      throw this.#failure ?? this.#fail(implementation, cause instanceof Error ? cause.message : String(cause), cause);
    } finally {
      this.#building.delete(implementation);
    }
  }

  #fail(implementation: Implementation<unknown>, problem: string, cause?: unknown): SkerryError {
    const details = { plugin: this.#manifest.id, subject: nameOf(implementation), problem };
    this.#failure = errors.create("SKERRY_PLUGIN_CONSTRUCT_FAILED", details, cause);
    return this.#failure;
  }

  #demand(field: "provides" | "contributes", id: string): void {
    if (this.#manifest[field]?.includes(id)) return;
    const problem = `${field === "provides" ? "provides" : "fills"} ${id}, which is not declared`;
    throw errors.create("SKERRY_PLUGIN_UNDECLARED", { plugin: this.#manifest.id, subject: "set-up", problem, field });
  }
}

/** Tells tsyringe what the constructor takes: also one that is inherited, which it would call without arguments. */
function prepare(implementation: Implementation<unknown>): void {
  const owner = constructorOf(implementation);
  if (owner !== implementation) {
    for (const [index, token] of tokensOf(owner)) tsyringeInject(token.key)(implementation, undefined, index);
  }
  injectable()(implementation);
}

function keyOf(id: string): symbol {
  return Symbol.for(`skerry:${id}`);
}
