import {
  type Clock,
  Clock as clockToken,
  commandPoint,
  Logger as loggerToken,
  type NodeInfo,
  NodeInfo as nodeInfoToken,
  type Random,
  Random as randomToken,
  settingsTokenId,
  statusSectionPoint,
} from "@skerry/contracts";
import {
  type Contribution,
  type ExtensionPoint,
  errorMessage,
  type Plugin,
  type SkerryError,
  type Token,
} from "@skerry/plugin";
import { type PlanInput, type PlannedPlugin, planBoot } from "./boot-plan.ts";
import type { BootReport, NodeState } from "./boot-report.ts";
import { errors } from "./errors.ts";
import { ExtensionPoints } from "./extension-points.ts";
import { startPlugins, stopPlugins } from "./lifecycle.ts";
import { type Bridge, PluginContainer } from "./plugin-container.ts";
import { RunningPlugin } from "./running-plugin.ts";
import { formatLogText } from "./services/log-format.ts";
import { type LogSink, pluginLogger } from "./services/plugin-logger.ts";
import { systemClock } from "./services/system-clock.ts";
import { systemRandom } from "./services/system-random.ts";

/** A plugin as a profile lists it: its manifest as unchecked data, and how to load its code. */
export interface PluginEntry extends PlanInput {
  /** Called once, and only after the whole plan was accepted. */
  load(): Promise<Plugin>;
}

export interface BootOptions {
  readonly node: NodeInfo;
  readonly plugins: readonly PluginEntry[];
  readonly clock?: Clock;
  readonly random?: Random;
  /** Default: lines of text on standard error. */
  readonly log?: LogSink;
  /** Contracts handed in from outside: by the composition root, or by a test. */
  readonly provided?: readonly (readonly [Token<unknown>, unknown])[];
}

const kernelTokens = [clockToken.id, randomToken.id, loggerToken.id, nodeInfoToken.id, settingsTokenId];
const kernelPoints = [statusSectionPoint.id, commandPoint.id];

/** What the kernel itself provides: for planning a boot without doing it. */
export const kernelSurroundings = { provides: kernelTokens, extensionPoints: kernelPoints };

/**
 * Boots a node: plans from the manifests, loads the code, constructs everything, starts in order.
 *
 * @throws AggregateError whose `errors` are all the problems of this boot; nothing is left running
 */
export async function boot(options: BootOptions): Promise<Kernel> {
  const { provided = [] } = options;
  const plan = planBoot(options.plugins, {
    provides: [...kernelTokens, ...provided.map(([token]) => token.id)],
    extensionPoints: kernelPoints,
  });
  if (plan.problems.length > 0) throw refused(plan.problems);
  const kernel = new Kernel(options, plan.plugins);
  await kernel.start();
  return kernel;
}

function refused(problems: readonly SkerryError[]): AggregateError {
  return new AggregateError(problems, problems.map(({ message }) => message).join("; "));
}

/** A node from its boot to its stop. Made by {@link boot}. */
export class Kernel {
  readonly #options: BootOptions;
  readonly #plan: readonly PlannedPlugin[];
  readonly #plugins = new Map<string, RunningPlugin>();
  readonly #points = new ExtensionPoints();
  readonly #clock: Clock;
  readonly #stopRequested = new AbortController();
  #state: NodeState = "booting";
  #bootMs: number | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: BootOptions, plan: readonly PlannedPlugin[]) {
    this.#options = options;
    this.#plan = plan;
    this.#clock = options.clock ?? systemClock;
  }

  get state(): NodeState {
    return this.#state;
  }

  /** A contract of this node: for composition roots and tests; plugins receive theirs by injection. */
  service<T>(token: Token<T>): T {
    const given = this.#options.provided?.find(([provided]) => provided.id === token.id);
    const value = given ? given[1] : this.#resolve(token.id);
    if (value === undefined) throw errors.create("SKERRY_KERNEL_UNKNOWN_SERVICE", { token: token.id });
    return value as T;
  }

  contributions<T>(point: ExtensionPoint<T>): readonly Contribution<T>[] {
    return this.#points.all<T>(point.id, "the kernel");
  }

  inspect(): BootReport {
    const { name: node, profile, version } = this.#options.node;
    const plugins = this.#plan.map(({ manifest }) => {
      const { id, summary, provides = [], requires = [], contributes = [], capabilities = [] } = manifest;
      const plugin = this.#plugins.get(id);
      const error = plugin?.error && { code: plugin.error.code, message: plugin.error.message };
      const { state = "planned", startMs } = plugin ?? {};
      const essential = manifest.essential !== false;
      return { id, summary, state, essential, provides, requires, contributes, capabilities, startMs, error };
    });
    return { node, profile, version, state: this.#state, bootMs: this.#bootMs, plugins };
  }

  /** Used by {@link boot} only. */
  async start(): Promise<void> {
    const begun = this.#clock.monotonic();
    await this.#construct();
    const { degraded, fatal } = await startPlugins(this.#plan, this.#plugins, this.#stopRequested.signal);
    if (fatal.length > 0) {
      this.#state = "failed";
      const failures = await stopPlugins(this.#plan, this.#plugins);
      throw refused([...fatal, ...degraded, ...failures]);
    }
    this.#bootMs = this.#clock.monotonic() - begun;
    this.#state = degraded.length > 0 ? "degraded" : "running";
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
    this.#state = "stopping";
    this.#stopRequested.abort(new Error("the node stops"));
    const failures = await stopPlugins(this.#plan, this.#plugins);
    this.#state = "stopped";
    if (failures.length > 0) throw refused(failures);
  }

  async #construct(): Promise<void> {
    const loaded = await Promise.all(this.#plan.map((planned) => this.#load(planned)));
    for (const { planned, plugin } of loaded) {
      const container = new PluginContainer(planned.manifest, this.#bridges(planned));
      plugin.setup(container);
      container.check();
      this.#plugins.set(planned.manifest.id, new RunningPlugin(planned.manifest, container, this.#clock));
    }
    for (const plugin of this.#plugins.values()) {
      plugin.container.construct();
      plugin.state = "constructed";
    }
    this.#points.seal([...this.#plugins.values()]);
  }

  async #load(planned: PlannedPlugin): Promise<{ planned: PlannedPlugin; plugin: Plugin }> {
    const { id } = planned.manifest;
    let plugin: Plugin | undefined;
    try {
      plugin = await this.#options.plugins[planned.index]?.load();
    } catch (cause) {
      throw errors.create("SKERRY_PLUGIN_LOAD_FAILED", { plugin: id, problem: errorMessage(cause) }, cause);
    }
    if (plugin?.manifest.id !== id) {
      throw errors.create("SKERRY_PLUGIN_WRONG_CODE", { plugin: id, found: plugin?.manifest.id ?? "nothing" });
    }
    return { planned, plugin };
  }

  /** Each token of the manifest, as a function that resolves it in its owner. */
  #bridges({ manifest, settings }: PlannedPlugin): ReadonlyMap<string, Bridge> {
    const { clock = systemClock, random = systemRandom, node, provided = [] } = this.#options;
    const own = new Map<string, Bridge>([
      [clockToken.id, () => clock],
      [randomToken.id, () => random],
      [loggerToken.id, () => this.#logger(manifest.id)],
      [nodeInfoToken.id, () => node],
      [settingsTokenId, () => settings],
      ...provided.map(([token, value]) => [token.id, () => value] as const),
    ]);
    const bridges = new Map<string, Bridge>();
    for (const id of [...(manifest.requires ?? []), ...(manifest.optional ?? [])]) {
      bridges.set(id, own.get(id) ?? (() => this.#resolve(id)));
    }
    for (const point of manifest.extensionPoints ?? []) {
      bridges.set(point, () => this.#points.view(point, manifest.id));
    }
    return bridges;
  }

  #resolve(token: string): unknown {
    for (const plugin of this.#plugins.values()) {
      if (plugin.manifest.provides?.includes(token)) return plugin.container.answer(token);
    }
    return undefined;
  }

  #logger(plugin: string) {
    const sink = this.#options.log ?? ((record) => void process.stderr.write(`${formatLogText(record)}\n`));
    return pluginLogger(plugin, this.#clock, sink);
  }
}
