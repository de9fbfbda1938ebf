import type { Clock } from "@skerry/contracts";
import { errorMessage, isStartable, isStoppable, type Manifest, type SkerryError } from "@skerry/plugin";
import { ranOut, withDeadline } from "./deadline.ts";
import { errors, namesPlugin } from "./errors.ts";
import type { PluginContainer } from "./plugin-container.ts";

export type PluginState = "planned" | "constructed" | "starting" | "running" | "stopping" | "stopped" | "failed";

const defaultStartMs = 10_000;
const stopMs = 5_000;

/** One plugin on its way from planned to stopped. */
export class RunningPlugin {
  readonly manifest: Manifest;
  readonly container: PluginContainer;
  readonly #clock: Clock;
  readonly #changed: (state: PluginState) => void;
  /** What `stop` has to undo, in the order in which it was begun. */
  readonly #begun: object[] = [];
  #state: PluginState = "planned";
  #error: SkerryError | undefined;
  #startMs: number | undefined;

  constructor(manifest: Manifest, container: PluginContainer, clock: Clock, changed: (state: PluginState) => void) {
    this.manifest = manifest;
    this.container = container;
    this.#clock = clock;
    this.#changed = changed;
  }

  get id(): string {
    return this.manifest.id;
  }

  get essential(): boolean {
    return this.manifest.essential !== false;
  }

  get state(): PluginState {
    return this.#state;
  }

  get error(): SkerryError | undefined {
    return this.#error;
  }

  /** How long its start took. */
  get startMs(): number | undefined {
    return this.#startMs;
  }

  construct(): void {
    this.container.construct();
    this.#become("constructed");
  }

  /** Starts its objects one after another, all within the plugin's deadline. */
  async start(signal: AbortSignal): Promise<void> {
    this.#become("starting");
    const begun = this.#clock.monotonic();
    const ms = this.manifest.startWithinMs ?? defaultStartMs;
    const outcome = await withDeadline(this.#clock, ms, signal, async (combined) => {
      for (const instance of this.container.instances()) {
        combined.throwIfAborted();
        this.#begun.push(instance);
        if (isStartable(instance)) await instance.start(combined);
      }
    });
    if (outcome === ranOut) throw errors.create("SKERRY_PLUGIN_START_DEADLINE", { plugin: this.id, ms });
    this.#startMs = this.#clock.monotonic() - begun;
    this.#become("running");
  }

  /** Marks it failed, once; gives the error that names it. */
  fail(cause: unknown): SkerryError {
    this.#error ??= namesPlugin(cause)
      ? cause
      : errors.create("SKERRY_PLUGIN_START_FAILED", { plugin: this.id, problem: errorMessage(cause) }, cause);
    this.#become("failed");
    return this.#error;
  }

  /** Stops what was begun, last first; everything is tried. Gives what went wrong. */
  async stop(): Promise<readonly SkerryError[]> {
    if (this.#state === "running") this.#become("stopping");
    const failures: SkerryError[] = [];
    for (let instance = this.#begun.pop(); instance; instance = this.#begun.pop()) {
      const failure = isStoppable(instance) ? await this.#stopOne(instance) : undefined;
      if (failure) failures.push(failure);
    }
    if (this.#state === "stopping") this.#become("stopped");
    return failures;
  }

  async #stopOne(instance: { stop(): Promise<void> }): Promise<SkerryError | undefined> {
    try {
      const outcome = await withDeadline(this.#clock, stopMs, undefined, () => instance.stop());
      if (outcome !== ranOut) return undefined;
      return errors.create("SKERRY_PLUGIN_STOP_FAILED", { plugin: this.id, problem: `not done after ${stopMs} ms` });
    } catch (cause) {
      return errors.create("SKERRY_PLUGIN_STOP_FAILED", { plugin: this.id, problem: errorMessage(cause) }, cause);
    }
  }

  #become(state: PluginState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#changed(state);
  }
}
