import type { WorkloadRuntime } from "@skerry/contracts";
import { fieldPathOf } from "../plan/container-view.ts";
import type { Action } from "../plan/pod-facts.ts";
import type { PodContext } from "./pod-context.ts";

/** After the containers have used up the grace, their sidecars still get this much. */
const leastGraceMs = 2_000;

/** Stops of containers that are under way. They take as long as the grace, and nothing waits for them. */
export class ContainerStops {
  /** When each is killed, on the clock that never goes back. */
  readonly #killedAt = new Map<string, number>();

  constructor(private readonly context: PodContext) {}

  /**
   * Begins to stop a container, or shortens what is left of its grace.
   *
   * @param endsAt when the Pod's grace is over
   */
  stop(runtime: WorkloadRuntime, { container, view }: Extract<Action, { do: "stop" }>, endsAt: number): void {
    const { node, events, touch } = this.context;
    const now = node.clock.monotonic();
    const known = this.#killedAt.get(container.id);
    if (known !== undefined && known <= endsAt) return;
    const isLate = known === undefined && endsAt <= now && view.kind === "sidecar";
    const graceMs = isLate ? leastGraceMs : Math.max(0, endsAt - now);
    if (known === undefined) events.normal("Killing", `Stopping container ${container.config.name}`, fieldPathOf(view));
    this.#killedAt.set(container.id, now + graceMs);
    runtime
      .stopContainer(container.id, graceMs)
      .catch((error: unknown) =>
        node.logger.warn("a container was not stopped; trying again", { container: container.id, error }),
      )
      .finally(() => {
        this.#killedAt.delete(container.id);
        touch();
      });
  }
}
