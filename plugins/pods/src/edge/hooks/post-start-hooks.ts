import type { WorkloadRuntime } from "@skerry/contracts";
import { type ContainerView, fieldPathOf } from "../plan/container-view.ts";
import type { PodContext } from "../run/pod-context.ts";
import { runHook } from "./run-hook.ts";

/** A hook may take as long as it likes. A timer cannot. */
const longestMs = 24 * 60 * 60 * 1000;

/** The `postStart` hooks of one Pod's containers. One that this process did not begin is not run: it was before it. */
export class PostStartHooks {
  readonly #hooks = new Map<string, "runs" | "failed">();

  constructor(private readonly context: PodContext) {}

  /** The container was started. */
  begin(id: string, view: ContainerView, runtime: WorkloadRuntime, podIp: string | undefined): void {
    const { lifecycle, ports = [], name } = view.spec;
    const hook = lifecycle?.postStart;
    if (!hook) return;
    const { node, events, touch } = this.context;
    this.#hooks.set(id, "runs");
    runHook(hook, { runtime, id, podIp, ports, network: node.network }, node.clock, longestMs)
      .then(() => void this.#hooks.delete(id))
      .catch((error: unknown) => {
        if (!this.#hooks.has(id)) return;
        node.logger.warn("a postStart hook failed", { container: name, error });
        events.warn("FailedPostStartHook", "PostStartHook failed", fieldPathOf(view));
        this.#hooks.set(id, "failed");
      })
      .finally(touch);
  }

  isRunning(id: string): boolean {
    return this.#hooks.get(id) === "runs";
  }

  hasFailed(id: string): boolean {
    return this.#hooks.get(id) === "failed";
  }

  /** Forgets those of containers that do not run any more. */
  keep(running: ReadonlySet<string>): void {
    for (const id of this.#hooks.keys()) if (!running.has(id)) this.#hooks.delete(id);
  }
}
