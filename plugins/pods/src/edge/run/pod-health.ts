import type { Container, JsonObject } from "@skerry/contracts";
import { PostStartHooks } from "../hooks/post-start-hooks.ts";
import type { ContainerFailure, ContainerHealth } from "../plan/container-health.ts";
import { PodProbes, type ProbedPod } from "../probes/pod-probes.ts";
import type { PodContext } from "./pod-context.ts";

/** How the containers of one Pod are: their hooks after the start, then their probes. */
export class PodHealth implements ContainerHealth, Disposable {
  readonly hooks: PostStartHooks;
  readonly #probes: PodProbes;

  /** @param statuses of the Pod's containers as they were reported last, also by a process before this one */
  constructor(context: PodContext, statuses: () => readonly JsonObject[]) {
    this.hooks = new PostStartHooks(context);
    this.#probes = new PodProbes(context, statuses);
  }

  follow(pod: ProbedPod): void {
    const running = pod.views.flatMap(({ current }) => (current?.state === "running" ? [current.id] : []));
    this.hooks.keep(new Set(running));
    const views = pod.views.filter(({ current }) => current === undefined || !this.hooks.isRunning(current.id));
    this.#probes.follow({ ...pod, views });
  }

  isStarting({ id }: Container): boolean {
    return this.hooks.isRunning(id);
  }

  isStarted(container: Container): boolean {
    return !this.isStarting(container) && this.#probes.isStarted(container);
  }

  isReady(container: Container): boolean {
    return !this.isStarting(container) && this.#probes.isReady(container);
  }

  failure(container: Container): ContainerFailure | undefined {
    return this.hooks.hasFailed(container.id) ? { kind: "postStart" } : this.#probes.failure(container);
  }

  [Symbol.dispose](): void {
    this.#probes[Symbol.dispose]();
  }
}
