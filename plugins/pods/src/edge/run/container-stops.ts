import type { Timer } from "@skerry/contracts";
import { PreStopHooks } from "../hooks/pre-stop-hooks.ts";
import { fieldPathOf, isChanged } from "../plan/container-view.ts";
import type { Action } from "../plan/pod-facts.ts";
import type { Pod } from "../pod/pod.ts";
import { type PodContext, type Run, retryMs } from "./pod-context.ts";

/** After the containers have used up the grace, their sidecars still get this much. */
const leastSidecarMs = 2_000;
/** After its hook has used up the grace, a container still gets this much. */
const leastAfterHookMs = 2_000;

/** All moments are of the clock that never goes back. */
interface Stop {
  readonly begunAt: number;
  /** When it is killed. */
  killedAt: number;
  /** The runtime could not stop it: not to be tried again before. */
  retryAt: number;
}

type StopAction = Extract<Action, { do: "stop" }>;

/** Stops of containers that are under way. They take as long as the grace, and nothing waits for them. */
export class ContainerStops {
  readonly #stops = new Map<string, Stop>();

  readonly #hooks: PreStopHooks;

  constructor(private readonly context: PodContext) {
    this.#hooks = new PreStopHooks(context);
  }

  /**
   * Begins to stop a container, or shortens what is left of its grace.
   */
  stop(run: Run, action: StopAction): void {
    const { container, view, failed } = action;
    const { pod, endsAt } = run;
    const { node, events } = this.context;
    const now = node.clock.monotonic();
    const known = this.#stops.get(container.id);
    if (known !== undefined && known.retryAt > now) return;
    const begunAt = known?.begunAt ?? now;
    const graceEndsAt = failed?.graceSeconds === undefined ? endsAt : now + failed.graceSeconds * 1000;
    const killedAt = view.kind === "sidecar" ? Math.max(graceEndsAt, begunAt + leastSidecarMs) : graceEndsAt;
    if (known !== undefined && known.killedAt <= killedAt) return;
    if (known === undefined) events.normal("Killing", reasonOf(action, pod), fieldPathOf(view));
    this.#stops.set(container.id, { begunAt, killedAt, retryAt: 0 });
    this.#run(run, action, killedAt);
  }

  /** How long until a stop that failed is tried again. */
  nextMs(now: number): number | undefined {
    const waits = [...this.#stops.values()].map(({ retryAt }) => retryAt - now).filter((ms) => ms > 0);
    return waits.length === 0 ? undefined : Math.min(...waits);
  }

  #run(run: Run, action: StopAction, killedAt: number): void {
    const { node, touch } = this.context;
    const { id } = action.container;
    this.#end(run, action, killedAt)
      .then(() => {
        this.#stops.delete(id);
        this.#hooks.forget(id);
      })
      .catch((error: unknown) => {
        node.logger.warn("a container was not stopped; trying again", { container: id, error });
        const stop = this.#stops.get(id);
        if (stop === undefined) return;
        stop.retryAt = node.clock.monotonic() + retryMs;
        stop.killedAt = Number.POSITIVE_INFINITY;
      })
      .finally(touch);
  }

  /** The hook takes its time of the grace. */
  async #end(
    { runtime, podIps: [podIp] }: Run,
    { container: { id }, view }: StopAction,
    killedAt: number,
  ): Promise<void> {
    const { clock } = this.context.node;
    const left = () => Math.max(0, killedAt - clock.monotonic());
    const hook = this.#hooks.run(id, view, { runtime, podIp, graceMs: left() });
    if (hook === undefined) return runtime.stopContainer(id, left());
    let timer: Timer | undefined;
    const isOver = new Promise<void>((done) => {
      timer = clock.after(left(), done);
    });
    await Promise.race([hook, isOver]);
    timer?.[Symbol.dispose]();
    return runtime.stopContainer(id, Math.max(leastAfterHookMs, left()));
  }
}

/** In the words of the kubelet. */
function reasonOf({ view, failed }: StopAction, pod: Pod): string {
  const { name } = view.spec;
  if (isChanged(view)) return `Container ${name} definition changed, will be restarted`;
  if (failed === undefined) return `Stopping container ${name}`;
  if (failed.kind === "postStart") return "FailedPostStartHook";
  const isRestarted = view.kind === "sidecar" || pod.spec.restartPolicy !== "Never";
  return `Container ${name} failed ${failed.kind} probe${isRestarted ? ", will be restarted" : ""}`;
}
