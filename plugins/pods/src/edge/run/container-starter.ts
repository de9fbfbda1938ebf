import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { WorkloadRuntime } from "@skerry/contracts";
import { errorMessage } from "@skerry/plugin";
import { containerConfig } from "../containers/container-config.ts";
import { rootProblem } from "../containers/container-security.ts";
import { environmentOf } from "../containers/environment.ts";
import { Waiting } from "../containers/waiting.ts";
import type { PostStartHooks } from "../hooks/post-start-hooks.ts";
import { type ContainerView, fieldPathOf } from "../plan/container-view.ts";
import type { Action } from "../plan/pod-facts.ts";
import type { Pod, PodContainer } from "../pod/pod.ts";
import { mountsOf } from "../volumes/mounts.ts";
import { hostsFileOf } from "./hosts-file.ts";
import { messageFileOf } from "./message-file.ts";
import { type PodContext, type Run, retryMs } from "./pod-context.ts";
import { PodImages } from "./pod-images.ts";

/** Makes and starts containers of one Pod. One that cannot be started is held, with what a user needs to know. */
export class ContainerStarter {
  readonly #images: PodImages;

  constructor(
    private readonly context: PodContext,
    private readonly hooks: PostStartHooks,
  ) {
    this.#images = new PodImages(context);
  }

  /** @returns whether it was started */
  async start(run: Run, action: Extract<Action, { do: "start" }>): Promise<boolean> {
    const { pod, runtime } = run;
    const { node, holds, events, folders } = this.context;
    const { view, attempt } = action;
    const { name } = view.spec;
    try {
      const imageId = await this.#images.idFor(pod, view, attempt, runtime);
      if (imageId === undefined) return false;
      const id = await this.#create(run, action, imageId);
      events.normal("Created", `Created container: ${name}`, fieldPathOf(view));
      const problem = await this.#run(id, runtime);
      if (problem === undefined) {
        events.normal("Started", `Started container ${name}`, fieldPathOf(view));
        this.hooks.begin(id, view, runtime, run.podIps[0]);
      } else events.warn("Failed", `Error: ${problem}`, fieldPathOf(view));
      holds.release(name);
    } catch (error) {
      this.#failed(
        view,
        error instanceof Waiting ? error : new Waiting("CreateContainerError", errorMessage(error), error),
      );
      return false;
    }
    await folders
      .removeAttemptsBefore(name, attempt - 1)
      .catch((error: unknown) =>
        node.logger.warn("what earlier attempts of a container left was not removed", { container: name, error }),
      );
    return true;
  }

  /** @returns why it ended at once; whatever else stood in the way is thrown, since the container is there to be tried again */
  async #run(id: string, runtime: WorkloadRuntime): Promise<string | undefined> {
    try {
      await runtime.startContainer(id);
      return undefined;
    } catch (error) {
      const container = (await runtime.containers()).find((one) => one.id === id);
      if (container?.state === "exited") return errorMessage(error);
      throw new Waiting("RunContainerError", errorMessage(error), error);
    }
  }

  async #create(
    { pod, runtime, podIps }: Run,
    action: Extract<Action, { do: "start" }>,
    imageId: string,
  ): Promise<string> {
    const { node, objects, folders, events } = this.context;
    const { view, attempt, sandbox } = action;
    const { spec: container, current } = view;
    await this.#refuseRoot(pod, container, runtime);
    const place = { ...node.place(), podIps };
    const { variables, skipped } = environmentOf(pod, container, objects, place);
    for (const sentence of skipped) events.warn("InvalidEnvironmentVariableNames", sentence);
    const values = new Map(variables.map(({ name, value }) => [name, value]));
    const mounts = [...(await mountsOf(pod, container, folders, values))];
    if (!runtime.info.isConfined) {
      mounts.push(await messageFileOf(container, attempt, folders));
      mounts.push(...(await hostsFileOf(pod, container, podIps, folders)));
    }
    // It was made by an earlier look and never started: things may have changed since.
    if (current?.state === "created") await runtime.removeContainer(current.id);
    await mkdir(dirname(folders.logOf(container.name, attempt)), { recursive: true });
    const config = containerConfig({
      pod,
      container,
      attempt,
      imageId,
      variables,
      mounts,
      memoryBytes: place.memoryBytes,
    });
    return runtime.createContainer(sandbox.id, config);
  }

  async #refuseRoot(pod: Pod, container: PodContainer, runtime: WorkloadRuntime): Promise<void> {
    // A confined program has no users.
    if (runtime.info.isConfined) return;
    const image = await runtime.images.status(container.image ?? "");
    const problem = image && rootProblem(pod, container, image);
    if (problem !== undefined) throw new Waiting("CreateContainerConfigError", problem);
  }

  #failed(view: ContainerView, { reason, message }: Waiting): void {
    const { events, holds, node } = this.context;
    events.warn("Failed", `Error: ${message}`, fieldPathOf(view));
    const until = node.clock.monotonic() + retryMs;
    holds.hold(view.spec.name, { reason, message }, { until, isLoose: true });
  }
}
