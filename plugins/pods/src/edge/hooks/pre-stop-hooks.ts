import type { WorkloadRuntime } from "@skerry/contracts";
import { type ContainerView, fieldPathOf } from "../plan/container-view.ts";
import type { PodContext } from "../run/pod-context.ts";
import { runHook } from "./run-hook.ts";

/** The `preStop` hooks of one Pod's containers, each run once for a container. */
export class PreStopHooks {
  readonly #hooks = new Map<string, Promise<void>>();

  constructor(private readonly context: PodContext) {}

  /**
   * Runs the hook of a container that is to be stopped, or joins it. Resolves when it has ended, well or not.
   *
   * @returns `undefined` when there is none, or no time for it
   */
  run(
    id: string,
    view: ContainerView,
    {
      runtime,
      podIp,
      graceMs,
    }: { readonly runtime: WorkloadRuntime; readonly podIp: string | undefined; readonly graceMs: number },
  ): Promise<void> | undefined {
    const known = this.#hooks.get(id);
    const { lifecycle, ports = [], name } = view.spec;
    const hook = lifecycle?.preStop;
    if (known !== undefined || !hook || graceMs <= 0) return known;
    const { node, events } = this.context;
    const ended = runHook(hook, { runtime, id, podIp, ports, network: node.network }, node.clock, graceMs).catch(
      (error: unknown) => {
        node.logger.warn("a preStop hook failed", { container: name, error });
        events.warn("FailedPreStopHook", "PreStopHook failed", fieldPathOf(view));
      },
    );
    this.#hooks.set(id, ended);
    return ended;
  }

  forget(id: string): void {
    this.#hooks.delete(id);
  }
}
