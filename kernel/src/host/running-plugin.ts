import type { Clock } from "@skerry/contracts";
import { errorMessage, isStartable, isStoppable, type Manifest, type SkerryError } from "@skerry/plugin";
import { ranOut, withDeadline } from "./deadline.ts";
import { errors } from "./errors.ts";
import type { PluginContainer } from "./plugin-container.ts";

export type PluginState = "planned" | "constructed" | "starting" | "running" | "stopping" | "stopped" | "failed";

const defaultStartMs = 10_000;
const stopMs = 5_000;

/** One plugin on its way from constructed to stopped. */
export class RunningPlugin {
  readonly manifest: Manifest;
  readonly container: PluginContainer;
  readonly #clock: Clock;
  readonly #begun: object[] = [];
  state: PluginState = "planned";
  error: SkerryError | undefined;
  startMs: number | undefined;

  constructor(manifest: Manifest, container: PluginContainer, clock: Clock) {
    this.manifest = manifest;
    this.container = container;
    this.#clock = clock;
  }

  get id(): string {
    return this.manifest.id;
  }

  get essential(): boolean {
    return this.manifest.essential !== false;
  }

  /** Starts its objects one after another, all within the plugin's deadline. Rejects with the error it also keeps. */
  async start(signal: AbortSignal): Promise<void> {
    this.state = "starting";
    const begun = this.#clock.monotonic();
    const ms = this.manifest.startWithinMs ?? defaultStartMs;
    try {
      const outcome = await withDeadline(this.#clock, ms, signal, async (combined) => {
        for (const instance of this.container.instances()) {
          combined.throwIfAborted();
          if (!isStartable(instance)) continue;
          this.#begun.push(instance);
          await instance.start(combined);
        }
      });
      if (outcome === ranOut) throw errors.create("SKERRY_PLUGIN_START_DEADLINE", { plugin: this.id, ms });
      this.startMs = this.#clock.monotonic() - begun;
      this.state = "running";
    } catch (cause) {
      throw this.fail(cause);
    }
  }

  /** Marks it failed; gives the error that names it. */
  fail(cause: unknown): SkerryError {
    this.state = "failed";
    this.error = isNamed(cause)
      ? cause
      : errors.create("SKERRY_PLUGIN_START_FAILED", { plugin: this.id, problem: errorMessage(cause) }, cause);
    return this.error;
  }

  /** Stops what was begun, last first; everything is tried. Gives what went wrong. */
  async stop(): Promise<readonly SkerryError[]> {
    if (this.state === "running") this.state = "stopping";
    const failures: SkerryError[] = [];
    const passive = this.container.instances().filter((instance) => !isStartable(instance));
    for (const instance of [...passive, ...this.#begun].reverse()) {
      if (!isStoppable(instance)) continue;
      const failure = await this.#stopOne(() => instance.stop());
      if (failure) failures.push(failure);
    }
    this.#begun.length = 0;
    if (this.state === "stopping") this.state = "stopped";
    return failures;
  }

  async #stopOne(stop: () => Promise<void>): Promise<SkerryError | undefined> {
    try {
      const outcome = await withDeadline(this.#clock, stopMs, undefined, stop);
      if (outcome !== ranOut) return undefined;
      return errors.create("SKERRY_PLUGIN_STOP_FAILED", { plugin: this.id, problem: `not done after ${stopMs} ms` });
    } catch (cause) {
      return errors.create("SKERRY_PLUGIN_STOP_FAILED", { plugin: this.id, problem: errorMessage(cause) }, cause);
    }
  }
}

function isNamed(cause: unknown): cause is SkerryError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return code.startsWith("SKERRY_PLUGIN_");
}
