import { mkdir } from "node:fs/promises";
import type { WorkloadRuntime } from "@skerry/contracts";
import { errorMessage } from "@skerry/plugin";
import { podLabels } from "../containers/container-config.ts";
import { sandboxOf } from "../containers/sandbox-config.ts";
import type { PostStartHooks } from "../hooks/post-start-hooks.ts";
import type { Action } from "../plan/pod-facts.ts";
import type { Pod } from "../pod/pod.ts";
import { ContainerStarter } from "./container-starter.ts";
import { ContainerStops } from "./container-stops.ts";
import { type PodContext, type Run, retryMs } from "./pod-context.ts";

/** Holds of the Pod as a whole, beside those of its containers: no container is called like this. */
export const sandboxHold = "/sandbox";

/** Does what a plan says for one Pod. */
export class ActionRunner {
  readonly #starter: ContainerStarter;
  readonly #stops: ContainerStops;

  constructor(
    private readonly context: PodContext,
    hooks: PostStartHooks,
  ) {
    this.#starter = new ContainerStarter(context, hooks);
    this.#stops = new ContainerStops(context);
  }

  /** How long until an action that failed, and holds nothing else up, is tried again. */
  nextMs(now: number): number | undefined {
    return this.#stops.nextMs(now);
  }

  /** @returns whether there is something else now, and the next step can be planned */
  async run(action: Action, run: Run): Promise<boolean> {
    const { pod, runtime } = run;
    switch (action.do) {
      case "run-sandbox":
        return this.#runSandbox(pod, action.attempt, runtime);
      case "stop-sandbox":
        await runtime.stopSandbox(action.sandbox.id);
        return true;
      case "remove-sandbox":
        await runtime.removeSandbox(action.sandbox.id);
        return true;
      case "start":
        return this.#starter.start(run, action);
      case "stop":
        this.#stops.stop(run, action);
        return false;
      case "remove-container":
        await runtime.removeContainer(action.container.id);
        return true;
    }
  }

  async #runSandbox(pod: Pod, attempt: number, runtime: WorkloadRuntime): Promise<boolean> {
    const { identity, folders, objects, holds } = this.context;
    const { labels = {}, annotations = {} } = pod.metadata;
    const { runtimeClassName = "" } = pod.spec;
    try {
      await mkdir(folders.logs, { recursive: true });
      await runtime.runSandbox({
        pod: identity,
        attempt,
        handler: runtimeClassName === "" ? "" : (objects.handler(runtimeClassName) ?? ""),
        ...sandboxOf(pod),
        logDirectory: folders.logs,
        labels: { ...labels, ...podLabels(pod) },
        annotations,
      });
      holds.release(sandboxHold);
      return true;
    } catch (error) {
      this.failedSandbox(errorMessage(error));
      return false;
    }
  }

  /** The sandbox cannot be made; it is tried again, at the latest after the kubelet's pause. */
  failedSandbox(problem: string): void {
    const { events, holds, node } = this.context;
    const message = `Failed to create pod sandbox: ${problem}`;
    events.warn("FailedCreatePodSandBox", message);
    const until = node.clock.monotonic() + retryMs;
    holds.hold(sandboxHold, { reason: "ContainerCreating", message }, { until, isLoose: true });
  }
}
