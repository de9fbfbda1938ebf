import {
  Clock,
  type CommandResult,
  type Container,
  type ContainerConfig,
  Logger,
  type RuntimeChange,
  type RuntimeInfo,
  runtimeErrors,
  type Sandbox,
  type SandboxConfig,
  type WorkloadRuntime,
} from "@skerry/contracts";
import { inject, type Startable, type Stoppable } from "@skerry/plugin";
import { CriClient, CriFailure, type Verb } from "../cri/cri-client.ts";
import type { Message } from "../cri/messages.ts";
import { errors } from "../errors.ts";
import { type CriSettings, Settings } from "../settings.ts";
import { ChangeWatch } from "./change-watch.ts";
import { snapshot } from "./changes.ts";
import { resultOf } from "./command-result.ts";
import { containerMessage, containerOf } from "./container-message.ts";
import { CriImages } from "./cri-images.ts";
import { keptConfig, ownLabel } from "./kept-config.ts";
import { addressesOf, sandboxMessage, sandboxOf } from "./sandbox-message.ts";

const runtimeName = "cri";
const answerWithinMs = 10_000;
/** Sets up a network, by programs that others wrote. */
const sandboxWithinMs = 4 * 60 * 1000;
/** For the runtime to end by itself what took too long. */
const execMarginMs = 2_000;
const ours = { labelSelector: { [ownLabel]: "true" } };

/**
 * Containers of a CRI runtime (runtime.v1). All there is to know is kept in the runtime: whatever becomes of this process,
 * its containers run on, and the next one finds them.
 */
export class CriRuntime implements WorkloadRuntime, Startable, Stoppable {
  readonly images: CriImages;
  readonly #client: CriClient;
  readonly #listeners = new Set<(change: RuntimeChange) => void>();
  /** Ends do not change; a list of many containers asks for those that may have. */
  readonly #exited = new Map<string, Container>();
  /** Addresses of a sandbox stay while it lives. */
  readonly #addresses = new Map<string, readonly string[]>();
  #info: RuntimeInfo;
  readonly #watch: ChangeWatch;
  #state: "new" | "running" | "stopped" = "new";

  constructor(
    @inject(Settings) private readonly settings: CriSettings,
    @inject(Clock) clock: Clock,
    @inject(Logger) log: Logger,
  ) {
    this.#client = new CriClient(settings.socket, clock);
    this.images = new CriImages(this.#client);
    this.#watch = new ChangeWatch({
      client: this.#client,
      clock,
      log,
      relistMs: settings.relistMs,
      list: async () => snapshot(await this.sandboxes(), await this.containers()),
      tell: (change) => this.#tell(change),
    });
    this.#info = { name: runtimeName, version: "unknown", handlers: ["", ...settings.handlers], isConfined: false };
  }

  get info(): RuntimeInfo {
    return this.#info;
  }

  /** Rejects with `SKERRY_CRI_UNREACHABLE` or `SKERRY_CRI_VERSION`. */
  async start(): Promise<void> {
    const { runtimeName: name, runtimeVersion: version } = await this.#client.call("Version", {}, answerWithinMs);
    this.#info = { ...this.#info, name: String(name), version: String(version) };
    this.#state = "running";
    this.#watch.start();
  }

  async stop(): Promise<void> {
    this.#state = "stopped";
    this.#watch.stop();
    this.#client.close();
  }

  async runSandbox(config: SandboxConfig): Promise<string> {
    const { handler } = config;
    const request = { config: sandboxMessage(config, this.settings.cgroupParent), runtimeHandler: handler };
    const { podSandboxId } = await this.#call("RunPodSandbox", request, sandboxWithinMs);
    const sandbox = String(podSandboxId);
    this.#tell({ sandbox });
    return sandbox;
  }

  async stopSandbox(id: string): Promise<void> {
    await this.#ifThere(() => this.#call("StopPodSandbox", { podSandboxId: id }, sandboxWithinMs));
    this.#tell({ sandbox: id });
  }

  async removeSandbox(id: string): Promise<void> {
    await this.#ifThere(async () => {
      await this.#call("StopPodSandbox", { podSandboxId: id }, sandboxWithinMs);
      await this.#call("RemovePodSandbox", { podSandboxId: id }, sandboxWithinMs);
    });
    this.#addresses.delete(id);
    this.#tell({ sandbox: id });
  }

  async sandboxes(): Promise<readonly Sandbox[]> {
    const { items } = await this.#call("ListPodSandbox", { filter: ours });
    const listed = await Promise.all((items as readonly Message[]).map((item) => this.#sandbox(item)));
    return listed.filter((sandbox) => sandbox !== undefined);
  }

  async createContainer(sandbox: string, config: ContainerConfig): Promise<string> {
    const sandboxConfig = await this.#readySandbox(sandbox);
    const request = {
      podSandboxId: sandbox,
      config: containerMessage(config, sandboxConfig),
      sandboxConfig: sandboxMessage(sandboxConfig, this.settings.cgroupParent),
    };
    try {
      const { containerId } = await this.#call("CreateContainer", request, sandboxWithinMs);
      const container = String(containerId);
      this.#tell({ sandbox, container });
      return container;
    } catch (error) {
      throw badContainer(config.name, error);
    }
  }

  async startContainer(id: string): Promise<void> {
    const container = await this.#get(id);
    const { state, sandbox, config } = container;
    if (state !== "created") {
      const details = { what: "container", id, state, expected: "created" };
      throw runtimeErrors.create("SKERRY_RUNTIME_WRONG_STATE", details);
    }
    try {
      await this.#call("StartContainer", { containerId: id }, sandboxWithinMs);
    } catch (error) {
      throw badContainer(config.name, error);
    } finally {
      this.#tell({ sandbox, container: id });
    }
  }

  async stopContainer(id: string, graceMs: number): Promise<void> {
    const container = await this.#find(id);
    if (container?.state !== "running") return;
    const timeout = Math.ceil(graceMs / 1000);
    await this.#ifThere(() =>
      this.#call("StopContainer", { containerId: id, timeout }, timeout * 1000 + sandboxWithinMs),
    );
    this.#tell({ sandbox: container.sandbox, container: id });
  }

  async removeContainer(id: string): Promise<void> {
    const container = await this.#find(id);
    await this.#ifThere(() => this.#call("RemoveContainer", { containerId: id }, sandboxWithinMs));
    this.#exited.delete(id);
    if (container !== undefined) this.#tell({ sandbox: container.sandbox, container: id });
  }

  async runInContainer(id: string, command: readonly string[], timeoutMs: number): Promise<CommandResult> {
    const { state } = await this.#get(id);
    if (state !== "running") {
      const details = { what: "container", id, state, expected: "running" };
      throw runtimeErrors.create("SKERRY_RUNTIME_WRONG_STATE", details);
    }
    const timeout = Math.ceil(timeoutMs / 1000);
    try {
      const request = { containerId: id, cmd: command, timeout };
      return resultOf(await this.#call("ExecSync", request, timeout * 1000 + execMarginMs));
    } catch (error) {
      if (!(error instanceof CriFailure) || error.kind !== "timedOut") throw error;
      const details = { command: JSON.stringify(command.join(" ")), timeout: `${timeout}s` };
      throw runtimeErrors.create("SKERRY_RUNTIME_TIMED_OUT", details, error);
    }
  }

  async containers(): Promise<readonly Container[]> {
    const { containers } = await this.#call("ListContainers", { filter: ours });
    const listed = containers as readonly Message[];
    const known = new Set(listed.map(({ id }) => String(id)));
    for (const id of this.#exited.keys()) if (!known.has(id)) this.#exited.delete(id);
    const found = await Promise.all(listed.map((container) => this.#container(container)));
    return found.filter((container) => container !== undefined);
  }

  watch(changed: (change: RuntimeChange) => void): Disposable {
    this.#listeners.add(changed);
    return { [Symbol.dispose]: () => void this.#listeners.delete(changed) };
  }

  async #sandbox(listed: Message): Promise<Sandbox | undefined> {
    const id = String(listed["id"]);
    const isReady = listed["state"] === "SANDBOX_READY";
    if (isReady && !this.#addresses.has(id)) {
      const status = await this.#ifThere(() => this.#call("PodSandboxStatus", { podSandboxId: id }));
      if (status === undefined) return undefined;
      this.#addresses.set(id, addressesOf(status["status"] as Message));
    }
    return sandboxOf(listed, isReady ? (this.#addresses.get(id) ?? []) : []);
  }

  async #readySandbox(id: string): Promise<SandboxConfig> {
    const found = await this.#ifThere(() => this.#call("PodSandboxStatus", { podSandboxId: id }));
    const status = found?.["status"] as Message | undefined;
    const config = keptConfig<SandboxConfig>(status?.["annotations"]);
    if (status === undefined || config === undefined) throw this.#noSuch("sandbox", id);
    if (status["state"] !== "SANDBOX_READY") {
      const details = { what: "sandbox", id, state: "notReady", expected: "ready" };
      throw runtimeErrors.create("SKERRY_RUNTIME_WRONG_STATE", details);
    }
    return config;
  }

  async #container(listed: Message): Promise<Container | undefined> {
    const id = String(listed["id"]);
    const exited = this.#exited.get(id);
    if (exited) return exited;
    const found = await this.#ifThere(() => this.#call("ContainerStatus", { containerId: id }));
    const container = found && containerOf(listed, found["status"] as Message);
    if (container?.state === "exited") this.#exited.set(id, container);
    return container;
  }

  async #find(id: string): Promise<Container | undefined> {
    const { containers } = await this.#call("ListContainers", { filter: { ...ours, id } });
    const [listed] = containers as readonly Message[];
    return listed && this.#container(listed);
  }

  async #get(id: string): Promise<Container> {
    const container = await this.#find(id);
    if (container === undefined) throw this.#noSuch("container", id);
    return container;
  }

  #noSuch(what: string, id: string): Error {
    return runtimeErrors.create("SKERRY_RUNTIME_NO_SUCH", { what, id, runtime: this.#info.name });
  }

  async #call(verb: Verb, request: Message, withinMs = answerWithinMs): Promise<Message> {
    if (this.#state !== "running") {
      throw runtimeErrors.create("SKERRY_RUNTIME_STOPPED", { runtime: this.#info.name });
    }
    try {
      return await this.#client.call(verb, request, withinMs);
    } catch (error) {
      if (error instanceof CriFailure && error.kind === "other") {
        throw errors.create("SKERRY_CRI_FAILED", { verb, reason: error.message.slice(0, 1000) }, error);
      }
      throw error;
    }
  }

  /** `undefined`: what it is about is gone, or never was. */
  async #ifThere<T>(call: () => Promise<T>): Promise<T | undefined> {
    try {
      return await call();
    } catch (error) {
      if (error instanceof CriFailure && error.kind === "notFound") return undefined;
      throw error;
    }
  }

  #tell(change: RuntimeChange): void {
    for (const listener of [...this.#listeners]) listener(change);
  }
}

/** The runtime gave a reason that lies in the container. What it could not do for other reasons stays as it is. */
function badContainer(container: string, error: unknown): unknown {
  const isAnswer = error instanceof CriFailure || (error instanceof Error && error.cause instanceof CriFailure);
  if (!isAnswer) return error;
  const { message } = error instanceof CriFailure ? error : (error.cause as CriFailure);
  return runtimeErrors.create("SKERRY_RUNTIME_BAD_CONTAINER", { container, problem: message.slice(0, 1000) }, error);
}
