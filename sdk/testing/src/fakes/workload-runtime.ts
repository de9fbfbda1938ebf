import {
  type Clock,
  type CommandResult,
  type Container,
  type ContainerConfig,
  type RuntimeChange,
  type RuntimeInfo,
  runtimeErrors,
  type Sandbox,
  type SandboxConfig,
  type WorkloadRuntime,
} from "@skerry/contracts";
import { FakeClock } from "./clock.ts";
import { FakeImageService } from "./image-service.ts";
import { runCommand } from "./workload-commands.ts";
import { type FakeExit, type FakeProgram, FakeRuns } from "./workload-runs.ts";

/** A verb of the runtime or of its images. */
export type RuntimeVerb =
  | "runSandbox"
  | "stopSandbox"
  | "removeSandbox"
  | "sandboxes"
  | "createContainer"
  | "startContainer"
  | "stopContainer"
  | "removeContainer"
  | "runInContainer"
  | "containers"
  | "pull"
  | "status";

export interface FakeWorkloadRuntimeOptions {
  /** Stamps times, and grace passes on it. Default: a `FakeClock` of its own. */
  readonly clock?: Clock;
  /** Default `["wasm"]`. */
  readonly handlers?: readonly string[];
  /** Default `fake`. */
  readonly name?: string;
  /** Default true. */
  readonly isConfined?: boolean;
  /** Of each of its sandboxes. Default none. */
  readonly ips?: readonly string[];
}

/**
 * A workload runtime in memory. The image `scratch` is there; others are offered with `images.offer`. Programs are
 * scripted by command (its first word), or by image where a container has none; what is not scripted sleeps.
 * It keeps what it knows over `stop` or `crash` and `start`, as a node does over a restart.
 */
export class FakeWorkloadRuntime implements WorkloadRuntime {
  readonly info: RuntimeInfo;
  readonly images: FakeImageService;
  /** Every verb that was called, with its id or name, as `startContainer container-1`; listing is left out. */
  readonly calls: string[] = [];
  readonly #clock: Clock;
  readonly #ips: readonly string[];
  readonly #programs = new Map<string, FakeProgram>();
  readonly #sandboxes = new Map<string, Sandbox>();
  readonly #containers = new Map<string, Container>();
  readonly #logs = new Map<string, string>();
  readonly #runs: FakeRuns;
  readonly #watchers = new Set<(change: RuntimeChange) => void>();
  #failures: { readonly verb: RuntimeVerb; readonly error: unknown }[] = [];
  #isRunning = true;
  #count = 0;

  constructor(options: FakeWorkloadRuntimeOptions = {}) {
    const { clock = new FakeClock(), handlers = ["wasm"], name = "fake", isConfined = true, ips = [] } = options;
    this.#clock = clock;
    this.#ips = ips;
    this.info = { name, version: "0.0.0-test", handlers, isConfined };
    this.images = new FakeImageService(async (verb) => this.#enter(verb));
    this.images.place("scratch", { bytes: 0 });
    this.#runs = new FakeRuns(clock, {
      exited: (id, exit) => this.#exited(id, exit),
      printed: (id, line) => this.#printed(id, line),
    });
  }

  /** What containers with this command, or this image and no command, do from their next start. */
  script(commandOrImage: string, program: FakeProgram): void {
    this.#programs.set(commandOrImage, program);
  }

  /** A running container ends, now. */
  exit(id: string, exit: number | FakeExit): void {
    this.#runs.end(id, typeof exit === "number" ? { code: exit } : exit);
  }

  /** The next call of this verb fails. Calls add up. */
  failNext(verb: RuntimeVerb, error: unknown): void {
    this.#failures.push({ verb, error });
  }

  /** The log of a container in CRI's format, by its absolute path. It stays when the container goes. */
  log(path: string): string | undefined {
    return this.#logs.get(path);
  }

  /** The container of this name, the newest attempt. */
  named(name: string): Container | undefined {
    return [...this.#containers.values()].findLast(({ config }) => config.name === name);
  }

  /** Ends everything in order: what ran is exited with 143. */
  async stop(): Promise<void> {
    for (const id of this.#runs.ids()) this.#runs.end(id, { code: 143 });
    this.crash();
  }

  /** The power goes: what ran is, after `start`, exited and nobody knows how. Watchers are gone. */
  crash(): void {
    this.#isRunning = false;
    this.#watchers.clear();
    this.#runs.forget();
  }

  async start(): Promise<void> {
    this.#isRunning = true;
    for (const container of this.#containers.values()) {
      if (container.state === "running") this.#exited(container.id, { code: 255, reason: "Unknown" });
    }
  }

  async runSandbox(config: SandboxConfig): Promise<string> {
    this.#enter("runSandbox", `${config.pod.namespace}/${config.pod.name}`);
    const id = `sandbox-${++this.#count}`;
    const sandbox: Sandbox = {
      id,
      config: structuredClone(config),
      state: "ready",
      createdAt: this.#clock.now(),
      ips: this.#ips,
    };
    this.#sandboxes.set(id, sandbox);
    this.#changed({ sandbox: id });
    return id;
  }

  async stopSandbox(id: string): Promise<void> {
    this.#enter("stopSandbox", id);
    this.#stopSandbox(id);
  }

  async removeSandbox(id: string): Promise<void> {
    this.#enter("removeSandbox", id);
    this.#stopSandbox(id);
    for (const container of this.#containers.values()) {
      if (container.sandbox === id) this.#containers.delete(container.id);
    }
    if (this.#sandboxes.delete(id)) this.#changed({ sandbox: id });
  }

  async sandboxes(): Promise<readonly Sandbox[]> {
    this.#enter("sandboxes");
    return structuredClone([...this.#sandboxes.values()]);
  }

  async createContainer(sandbox: string, config: ContainerConfig): Promise<string> {
    this.#enter("createContainer", config.name);
    const { info } = this;
    const state = this.#sandboxes.get(sandbox)?.state;
    if (state === undefined) throw noSuch("sandbox", sandbox, info);
    if (state !== "ready") {
      const details = { what: "sandbox", id: sandbox, state, expected: "ready" };
      throw runtimeErrors.create("SKERRY_RUNTIME_WRONG_STATE", details);
    }
    const program = this.#programOf(config);
    const isRefused = program.does === "refused";
    if (isRefused || !this.images.has(config.imageId)) {
      const problem = isRefused ? program.problem : `its image ${config.image} is not on this node`;
      throw runtimeErrors.create("SKERRY_RUNTIME_BAD_CONTAINER", { container: config.name, problem });
    }
    const id = `container-${++this.#count}`;
    this.#put({ id, sandbox, config: structuredClone(config), state: "created", createdAt: this.#clock.now() });
    return id;
  }

  async startContainer(id: string): Promise<void> {
    this.#enter("startContainer", id);
    const container = this.#containers.get(id);
    if (container === undefined) throw noSuch("container", id, this.info);
    const { state, config } = container;
    if (state !== "created") {
      throw runtimeErrors.create("SKERRY_RUNTIME_WRONG_STATE", { what: "container", id, state, expected: "created" });
    }
    const [program, now] = [this.#programOf(config), this.#clock.now()];
    if (program.does === "not start") {
      const times = { startedAt: now, finishedAt: now };
      this.#put({ ...container, ...times, state: "exited", exitCode: 128, reason: "StartError" });
      throw runtimeErrors.create("SKERRY_RUNTIME_BAD_CONTAINER", { container: config.name, problem: program.problem });
    }
    this.#put({ ...container, state: "running", startedAt: now });
    this.#runs.start(id, config, program);
  }

  async stopContainer(id: string, graceMs: number): Promise<void> {
    this.#enter("stopContainer", id);
    await this.#runs.stop(id, graceMs);
  }

  async removeContainer(id: string): Promise<void> {
    this.#enter("removeContainer", id);
    this.#runs.end(id, { code: 137 });
    const container = this.#containers.get(id);
    this.#containers.delete(id);
    if (container !== undefined) this.#changed({ sandbox: container.sandbox, container: id });
  }

  /** Runs what is scripted for the command's first word; it gets the others as its arguments. */
  async runInContainer(id: string, command: readonly string[], timeoutMs: number): Promise<CommandResult> {
    this.#enter("runInContainer", `${id} ${command.join(" ")}`);
    const container = this.#containers.get(id);
    if (container === undefined) throw noSuch("container", id, this.info);
    const { state, config } = container;
    if (state !== "running") {
      throw runtimeErrors.create("SKERRY_RUNTIME_WRONG_STATE", { what: "container", id, state, expected: "running" });
    }
    const [first = "", ...args] = command;
    const asked = { ...config, command: [first], args };
    return runCommand(this.#programOf(asked), { id, config: asked }, this.#clock, timeoutMs);
  }

  async containers(): Promise<readonly Container[]> {
    this.#enter("containers");
    return structuredClone([...this.#containers.values()]);
  }

  watch(changed: (change: RuntimeChange) => void): Disposable {
    const watcher = (change: RuntimeChange) => changed(change);
    this.#watchers.add(watcher);
    return { [Symbol.dispose]: () => void this.#watchers.delete(watcher) };
  }

  #enter(verb: RuntimeVerb, what?: string): void {
    if (what !== undefined) this.calls.push(`${verb} ${what}`);
    if (!this.#isRunning) throw runtimeErrors.create("SKERRY_RUNTIME_STOPPED", { runtime: this.info.name });
    const failure = this.#failures.find((candidate) => candidate.verb === verb);
    if (failure === undefined) return;
    this.#failures = this.#failures.filter((candidate) => candidate !== failure);
    throw failure.error;
  }

  #programOf({ command, image }: ContainerConfig): FakeProgram {
    return this.#programs.get(command[0] ?? image) ?? { does: "sleeps" };
  }

  #stopSandbox(id: string): void {
    const sandbox = this.#sandboxes.get(id);
    if (sandbox === undefined) return;
    for (const container of this.#containers.values()) {
      if (container.sandbox === id) this.#runs.end(container.id, { code: 137 });
    }
    if (sandbox.state === "notReady") return;
    this.#sandboxes.set(id, { ...sandbox, state: "notReady" });
    this.#changed({ sandbox: id });
  }

  #exited(id: string, { code, reason, message }: FakeExit): void {
    const container = this.#containers.get(id);
    if (container === undefined) return;
    const finishedAt = this.#clock.now();
    const exit = {
      exitCode: code,
      reason: reason ?? (code === 0 ? "Completed" : "Error"),
      ...(message && { message }),
    };
    this.#put({ ...container, state: "exited", finishedAt, ...exit });
  }

  #printed(id: string, line: string): void {
    const container = this.#containers.get(id);
    const sandbox = container && this.#sandboxes.get(container.sandbox);
    if (container === undefined || sandbox === undefined) return;
    const path = `${sandbox.config.logDirectory}/${container.config.logPath}`;
    this.#logs.set(path, `${this.#logs.get(path) ?? ""}${line}\n`);
  }

  #put(container: Container): void {
    this.#containers.set(container.id, container);
    this.#changed({ sandbox: container.sandbox, container: container.id });
  }

  /** As a rule a runtime tells of a change after the verb that made it has resolved, or at any other time. */
  #changed(change: RuntimeChange): void {
    for (const watcher of this.#watchers) queueMicrotask(() => this.#watchers.has(watcher) && watcher(change));
  }
}

function noSuch(what: string, id: string, { name }: RuntimeInfo) {
  return runtimeErrors.create("SKERRY_RUNTIME_NO_SUCH", { what, id, runtime: name });
}
