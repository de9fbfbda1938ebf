import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Clock, Container, JsonObject, Logger, Replica, Sandbox, WorkloadRuntime } from "@skerry/contracts";
import { errorMessage } from "@skerry/plugin";
import type { PodReport } from "../shared/pod-report.ts";
import { BackOff } from "./back-off.ts";
import { containerConfig } from "./container-config.ts";
import { ContainerImages } from "./container-images.ts";
import { type ContainerView, isDone, isPassed, isRestarted, isSidecar, viewsOf } from "./container-view.ts";
import { PodObjects } from "./objects.ts";
import type { Pod, PodContainer } from "./pod.ts";
import { PodEvents } from "./pod-events.ts";
import { PodFolders } from "./pod-folders.ts";
import { podStatus, time } from "./pod-status.ts";
import { prepareVolumes } from "./prepare-volumes.ts";
import { unsupportedFields } from "./unsupported-fields.ts";
import { Waiting } from "./waiting.ts";

export interface RunnerParts {
  readonly replica: Replica;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly home: string;
  readonly hostIp: string;
  runtimeFor(handler: string): WorkloadRuntime | undefined;
}

export interface Outcome {
  readonly report: PodReport;
  /** Look again after so many milliseconds. */
  readonly againMs: number | undefined;
}

const retryMs = 2_000;

/** Brings one Pod of this node in step with its object: one pass at a time, each from what there is. */
export class PodRunner {
  readonly #events = new PodEvents();
  readonly #backOff = new BackOff();
  readonly #seenAt: number;
  readonly #folders: PodFolders;
  readonly #images: ContainerImages;
  #conditions: readonly JsonObject[] = [];
  #waiting = new Map<string, { reason: string; message: string }>();
  #againMs: number | undefined;
  #hasTold = false;

  constructor(
    readonly identity: { readonly namespace: string; readonly name: string; readonly uid: string },
    private readonly parts: RunnerParts,
  ) {
    this.#folders = new PodFolders(parts.home, identity);
    this.#seenAt = parts.clock.now();
    this.#images = new ContainerImages({
      clock: parts.clock,
      backOff: this.#backOff,
      tell: (reason, message, container) => this.#normal(reason, message, container),
      again: (ms) => this.#again(ms),
    });
  }

  /** The Pod is wanted. */
  async run(pod: Pod): Promise<Outcome> {
    this.#waiting = new Map();
    this.#againMs = undefined;
    this.#tellUnsupported(pod);
    const runtime = this.#runtimeOf(pod);
    if (runtime === undefined) {
      const handler = pod.spec.runtimeClassName ?? "";
      this.#warn("FailedCreatePodSandBox", `no runtime for the RuntimeClass "${handler}" is on this node`);
      for (const { name } of pod.spec.containers) this.#waits(name, "ContainerCreating", "");
      return this.#outcome(pod, undefined, [], undefined);
    }
    let sandbox = await this.#sandbox(runtime);
    if (!isDone(pod, viewsOf(pod, await this.#containers(runtime)))) {
      try {
        await prepareVolumes(pod, this.#folders, this.#objects(), this.parts);
        sandbox ??= await this.#makeSandbox(pod, runtime);
        await this.#step(pod, runtime, sandbox);
      } catch (error) {
        this.#hindered(pod, error);
      }
    } else if (sandbox !== undefined) await runtime.stopSandbox(sandbox.id);
    return this.#outcome(pod, runtime, await this.#containers(runtime), sandbox);
  }

  /** The Pod is to go: ends it with what is left of its grace, and takes away what it had. */
  async release(pod: Pod | undefined, graceMs: number): Promise<Outcome | undefined> {
    const runtime = pod === undefined ? undefined : this.#runtimeOf(pod);
    const containers = runtime === undefined ? [] : await this.#containers(runtime);
    if (runtime !== undefined) {
      const running = containers.filter(({ state }) => state === "running");
      for (const { config } of running) this.#normal("Killing", `Stopping container ${config.name}`, config.name);
      await Promise.all(running.map(({ id }) => runtime.stopContainer(id, graceMs)));
      const ended = await this.#containers(runtime);
      const outcome = pod && this.#outcome(pod, runtime, ended, undefined);
      for (const { id } of await this.#sandboxes(runtime)) await runtime.removeSandbox(id);
      await this.#clean();
      return outcome && { report: { ...outcome.report, released: true }, againMs: undefined };
    }
    await this.#clean();
    return (
      pod && { report: { ...this.#outcome(pod, undefined, [], undefined).report, released: true }, againMs: undefined }
    );
  }

  async #clean(): Promise<void> {
    for (const folder of [this.#folders.root, this.#folders.logs]) await rm(folder, { recursive: true, force: true });
  }

  #runtimeOf({ spec }: Pod): WorkloadRuntime | undefined {
    const { runtimeClassName: name = "" } = spec;
    if (name === "") return this.parts.runtimeFor("");
    const runtimeClass = this.parts.replica.get({ group: "node.k8s.io", kind: "RuntimeClass", name });
    return runtimeClass === undefined ? undefined : this.parts.runtimeFor(String(runtimeClass["handler"]));
  }

  async #makeSandbox(pod: Pod, runtime: WorkloadRuntime): Promise<Sandbox> {
    const { name } = this.identity;
    try {
      const id = await runtime.runSandbox({
        pod: this.identity,
        attempt: 0,
        handler: pod.spec.runtimeClassName ?? "",
        hostname: pod.spec.hostname ?? name,
        logDirectory: this.#folders.logs,
        labels: pod.metadata.labels ?? {},
        annotations: {},
      });
      const made = (await this.#sandboxes(runtime)).find((sandbox) => sandbox.id === id);
      if (made === undefined) throw new Error(`the sandbox ${id} is gone`);
      return made;
    } catch (error) {
      throw new Waiting(
        "ContainerCreating",
        `Failed to create pod sandbox: ${errorMessage(error)}`,
        "FailedCreatePodSandBox",
      );
    }
  }

  /** Starts what is to be started now. */
  async #step(pod: Pod, runtime: WorkloadRuntime, sandbox: Sandbox): Promise<void> {
    const views = viewsOf(pod, await this.#containers(runtime));
    for (const view of views.filter(({ isInit }) => isInit)) {
      if (isPassed(view)) continue;
      await this.#bringUp(pod, runtime, sandbox, view);
      if (!isSidecar(view)) return;
    }
    for (const view of views.filter(({ isInit }) => !isInit)) await this.#bringUp(pod, runtime, sandbox, view);
  }

  async #bringUp(pod: Pod, runtime: WorkloadRuntime, sandbox: Sandbox, view: ContainerView): Promise<void> {
    const { current, spec } = view;
    if (current?.state === "running") return;
    if (current?.state === "exited") {
      if (!isRestarted(pod, view)) return;
      if (this.#isBackedOff(current)) return;
    }
    try {
      const attempt =
        current === undefined ? 0 : current.state === "exited" ? current.config.attempt + 1 : current.config.attempt;
      if (current?.state === "created") await runtime.removeContainer(current.id);
      await this.#start(pod, runtime, sandbox, spec, attempt);
      if (view.previous !== undefined) await runtime.removeContainer(view.previous.id);
    } catch (error) {
      this.#hinderedContainer(spec, error);
    }
  }

  #isBackedOff({ config: { name }, finishedAt = 0 }: Container): boolean {
    const { clock } = this.parts;
    const remaining = this.#backOff.remaining(name, finishedAt, clock.now());
    if (remaining === 0) {
      this.#backOff.attempt(name, clock.now());
      return false;
    }
    const seconds = Math.round(this.#backOff.length(name) / 1000);
    const text = seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
    const pod = `${this.identity.name}_${this.identity.namespace}(${this.identity.uid})`;
    this.#waits(name, "CrashLoopBackOff", `back-off ${text} restarting failed container=${name} pod=${pod}`);
    this.#warn("BackOff", `Back-off restarting failed container ${name} in pod ${pod}`, name);
    this.#again(remaining);
    return true;
  }

  async #start(
    pod: Pod,
    runtime: WorkloadRuntime,
    sandbox: Sandbox,
    container: PodContainer,
    attempt: number,
  ): Promise<void> {
    const imageId = await this.#images.need(runtime, container);
    const parts = { pod, container, attempt, imageId, objects: this.#objects(), folders: this.#folders };
    const config = containerConfig({ ...parts, hostIp: this.parts.hostIp });
    await mkdir(join(this.#folders.logs, container.name), { recursive: true });
    const id = await runtime.createContainer(sandbox.id, config).catch((error: unknown) => {
      throw new Waiting("CreateContainerError", errorMessage(error));
    });
    this.#normal("Created", `Created container: ${container.name}`, container.name);
    await runtime.startContainer(id).catch((error: unknown) => {
      throw new Waiting("RunContainerError", errorMessage(error));
    });
    this.#normal("Started", `Started container ${container.name}`, container.name);
  }

  #hinderedContainer({ name }: PodContainer, error: unknown): void {
    const waiting = error instanceof Waiting ? error : new Waiting("CreateContainerError", errorMessage(error));
    this.#waits(name, waiting.reason, waiting.message);
    const isPull = waiting.reason === "ErrImagePull" || waiting.reason === "InvalidImageName";
    if (isPull) this.#warn("Failed", waiting.message, name);
    const message = isPull ? waiting.reason : waiting.message;
    this.#warn(waiting.eventReason, waiting.eventReason === "Failed" ? `Error: ${message}` : message, name);
    this.#again(this.#againMs ?? retryMs);
  }

  /** The Pod as a whole cannot be prepared. */
  #hindered(pod: Pod, error: unknown): void {
    const waiting = error instanceof Waiting ? error : new Waiting("ContainerCreating", errorMessage(error));
    for (const { name } of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) {
      this.#waits(name, waiting.reason, "");
    }
    this.#warn(waiting.eventReason, waiting.message);
    this.#again(retryMs);
  }

  #outcome(
    pod: Pod,
    runtime: WorkloadRuntime | undefined,
    containers: readonly Container[],
    sandbox: Sandbox | undefined,
  ): Outcome {
    const status = podStatus({
      pod,
      views: viewsOf(pod, containers),
      waiting: this.#waiting,
      hasSandbox: sandbox?.state === "ready",
      runtime: runtime?.info.name ?? "",
      hostIp: this.parts.hostIp,
      seenAt: this.#seenAt,
      before: this.#conditions,
      now: this.parts.clock.now(),
    });
    this.#conditions = status["conditions"] as unknown as readonly JsonObject[];
    return { report: { status, events: this.#events.list(), released: false }, againMs: this.#againMs };
  }

  async #sandboxes(runtime: WorkloadRuntime): Promise<readonly Sandbox[]> {
    return (await runtime.sandboxes()).filter(({ config }) => config.pod.uid === this.identity.uid);
  }

  async #sandbox(runtime: WorkloadRuntime): Promise<Sandbox | undefined> {
    return (await this.#sandboxes(runtime)).find(({ state }) => state === "ready");
  }

  async #containers(runtime: WorkloadRuntime): Promise<readonly Container[]> {
    const ids = new Set((await this.#sandboxes(runtime)).map(({ id }) => id));
    return (await runtime.containers()).filter(({ sandbox }) => ids.has(sandbox));
  }

  #tellUnsupported(pod: Pod): void {
    const fields = unsupportedFields(pod);
    if (fields.length === 0 || this.#hasTold) return;
    this.#hasTold = true;
    this.#warn("UnsupportedField", `this node does nothing with ${fields.join(", ")}`);
  }

  #objects(): PodObjects {
    return new PodObjects(this.parts.replica, this.identity.namespace);
  }

  #waits(name: string, reason: string, message: string): void {
    this.#waiting.set(name, { reason, message });
  }

  #normal(reason: string, message: string, container: string): void {
    this.#record("Normal", reason, message, container);
  }

  #warn(reason: string, message: string, container?: string): void {
    this.#record("Warning", reason, message, container);
  }

  #record(type: "Normal" | "Warning", reason: string, message: string, container: string | undefined): void {
    const fieldPath = container === undefined ? {} : { fieldPath: `spec.containers{${container}}` };
    this.#events.record({ type, reason, message, ...fieldPath }, time(this.parts.clock.now()));
  }

  #again(ms: number): void {
    this.#againMs = Math.min(this.#againMs ?? ms, ms);
  }
}
