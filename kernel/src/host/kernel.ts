import { Clock, commandPoint, Logger, NodeInfo, Random, settingsTokenId, statusSectionPoint } from "@skerry/contracts";
import { type Contribution, type ExtensionPoint, errorMessage, type SkerryError, type Token } from "@skerry/plugin";
import { assemble } from "./assembly.ts";
import type { BootOptions, StateChange, StateListener } from "./boot-options.ts";
import { type PlannedPlugin, planBoot } from "./boot-plan.ts";
import { type BootReport, type NodeState, plannedReport } from "./boot-report.ts";
import { errors } from "./errors.ts";
import { ExtensionPoints } from "./extension-points.ts";
import { startPlugins, stopPlugins } from "./lifecycle.ts";
import { type Bridge, PluginContainer } from "./plugin-container.ts";
import { type PluginState, RunningPlugin } from "./running-plugin.ts";
import { formatLogText } from "./services/log-format.ts";
import { type LogSink, pluginLogger } from "./services/plugin-logger.ts";
import { secretsIn } from "./services/redact.ts";
import { systemClock } from "./services/system-clock.ts";
import { systemRandom } from "./services/system-random.ts";

const kernelTokens = [Clock.id, Random.id, Logger.id, NodeInfo.id, settingsTokenId];
const kernelPoints = [statusSectionPoint.id, commandPoint.id];

/** What the kernel itself provides: for planning a boot without doing it. */
export const kernelSurroundings = { provides: kernelTokens, extensionPoints: kernelPoints };

/**
 * Boots a node: plans from the manifests, loads the code, constructs everything, starts in order.
 *
 * @throws AggregateError whose `errors` are all the problems of this boot; nothing is left running
 */
export async function boot(options: BootOptions): Promise<Kernel> {
  const provided = options.provided?.map(([token]) => token.id) ?? [];
  const plan = planBoot(options.plugins, { ...kernelSurroundings, provides: [...kernelTokens, ...provided] });
  if (plan.problems.length > 0) throw together(plan.problems);
  const kernel = new Kernel(options, plan.plugins);
  await kernel.start();
  return kernel;
}

function together(problems: readonly SkerryError[]): AggregateError {
  return new AggregateError(problems, problems.map(({ message }) => message).join("; "));
}

/** A node from its boot to its stop. Made by {@link boot}. */
export class Kernel {
  readonly #options: BootOptions;
  readonly #plan: readonly PlannedPlugin[];
  readonly #plugins = new Map<string, RunningPlugin>();
  readonly #points = new ExtensionPoints();
  readonly #listeners = new Set<StateListener>();
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #provided: ReadonlyMap<string, Bridge>;
  #state: NodeState = "booting";
  #bootMs: number | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: BootOptions, plan: readonly PlannedPlugin[]) {
    this.#options = options;
    this.#plan = plan;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? systemRandom;
    this.#provided = new Map(options.provided?.map(([token, value]) => [token.id, () => value]));
    if (options.onStateChange) this.#listeners.add(options.onStateChange);
    for (const planned of plan) {
      const container = new PluginContainer(planned.manifest, this.#bridges(planned));
      const changed = (state: PluginState) => this.#announce({ plugin: planned.manifest.id, state });
      const plugin = new RunningPlugin(planned.manifest, container, this.#clock, changed);
      this.#plugins.set(plugin.id, plugin);
    }
  }

  get state(): NodeState {
    return this.#state;
  }

  /** Calls back at every step of a plugin or of the node, until disposed. */
  onStateChange(listener: StateListener): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** A contract of this node: for composition roots and tests; plugins receive theirs by injection. */
  service<T>(token: Token<T>): T {
    const value = (
      this.#provided.get(token.id) ??
      this.#own("kernel").get(token.id) ??
      (() => this.#resolve(token.id))
    )();
    if (value === undefined) throw errors.create("SKERRY_KERNEL_UNKNOWN_SERVICE", { token: token.id });
    return value as T;
  }

  contributions<T>(point: ExtensionPoint<T>): readonly Contribution<T>[] {
    return this.#points.all<T>(point.id, "the kernel");
  }

  inspect(): BootReport {
    const plugins = plannedReport(this.#plan).map((report) => {
      const { state = report.state, startMs, error } = this.#plugins.get(report.id) ?? {};
      return {
        ...report,
        state,
        startMs,
        error: error && { code: error.code, message: error.message, advice: error.advice },
      };
    });
    const { name: node, profile, version } = this.#options.node;
    return { node, profile, version, state: this.#state, bootMs: this.#bootMs, plugins };
  }

  /** Used by {@link boot} only. */
  async start(): Promise<void> {
    const { plugins, signal = new AbortController().signal } = this.#options;
    const begun = this.#clock.monotonic();
    const assembled = await assemble(this.#plan, this.#plugins, async ({ index }) => await plugins[index]?.load());
    if (signal.aborted || assembled.fatal.length > 0)
      throw await this.#refuse([...assembled.fatal, ...assembled.degraded]);
    this.#points.seal([...this.#plugins.values()]);
    const started = await startPlugins(this.#plan, this.#plugins, signal);
    const degraded = [...assembled.degraded, ...started.degraded];
    if (signal.aborted || started.fatal.length > 0) throw await this.#refuse([...started.fatal, ...degraded]);
    this.#bootMs = this.#clock.monotonic() - begun;
    this.#become(degraded.length > 0 ? "degraded" : "running");
    const log = this.#logger("kernel");
    for (const error of degraded) log.error("a plugin did not start; the node goes on without it", { error });
  }

  /** Stops everything, last started first. @throws AggregateError of what did not stop in order; all was tried */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #stop(): Promise<void> {
    this.#become("stopping");
    const failures = await stopPlugins(this.#plan, this.#plugins);
    this.#become("stopped");
    if (failures.length > 0) throw together(failures);
  }

  /** Undoes what was started. */
  async #refuse(problems: readonly SkerryError[]): Promise<AggregateError> {
    const { signal } = this.#options;
    const cancelled = signal?.aborted
      ? [errors.create("SKERRY_BOOT_CANCELLED", { problem: errorMessage(signal.reason) }, signal.reason)]
      : [];
    const failures = await stopPlugins(this.#plan, this.#plugins);
    this.#become("failed");
    return together([...cancelled, ...problems, ...failures]);
  }

  #become(state: NodeState): void {
    this.#state = state;
    this.#announce({ state });
  }

  #announce(change: StateChange): void {
    for (const listener of [...this.#listeners]) listener(change);
  }

  /** Each token of the manifest, as a function that resolves it in its owner. */
  #bridges({ manifest, settings }: PlannedPlugin): ReadonlyMap<string, Bridge> {
    const own = this.#own(manifest.id, secretsIn(manifest.settings?.properties ?? {}, settings));
    own.set(settingsTokenId, () => settings);
    const bridges = new Map<string, Bridge>();
    for (const id of [...(manifest.requires ?? []), ...(manifest.optional ?? [])]) {
      bridges.set(id, this.#provided.get(id) ?? own.get(id) ?? (() => this.#resolve(id)));
    }
    for (const point of manifest.extensionPoints ?? []) {
      bridges.set(point, () => this.#points.view(point, manifest.id));
    }
    return bridges;
  }

  /** The kernel's services as one plugin gets them. */
  #own(plugin: string, secrets: readonly string[] = []): Map<string, Bridge> {
    return new Map<string, Bridge>([
      [Clock.id, () => this.#clock],
      [Random.id, () => this.#random],
      [Logger.id, () => this.#logger(plugin, secrets)],
      [NodeInfo.id, () => this.#options.node],
    ]);
  }

  #resolve(token: string): unknown {
    for (const { state, manifest, container } of this.#plugins.values()) {
      if (state !== "failed" && manifest.provides?.includes(token)) return container.answer(token);
    }
    return undefined;
  }

  #logger(plugin: string, secrets: readonly string[] = []): Logger {
    const sink: LogSink = this.#options.log ?? ((record) => void process.stderr.write(`${formatLogText(record)}\n`));
    return pluginLogger(plugin, this.#clock, sink, secrets);
  }
}
