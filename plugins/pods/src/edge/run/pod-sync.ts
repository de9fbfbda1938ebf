import type { Container, Sandbox, WorkloadRuntime } from "@skerry/contracts";
import { errors } from "../../errors.ts";
import { type ContainerView, viewsOf } from "../plan/container-view.ts";
import { currentSandbox, planPod } from "../plan/plan-pod.ts";
import type { PodFacts, PodPlan } from "../plan/pod-facts.ts";
import { podStatus } from "../plan/pod-status.ts";
import type { Pod } from "../pod/pod.ts";
import type { UnsupportedField } from "../pod/unsupported-fields.ts";
import { ActionRunner, sandboxHold } from "./action-runner.ts";
import { CrashPauses } from "./crash-pauses.ts";
import { FieldWarnings, sentenceOn } from "./field-warnings.ts";
import type { Hold } from "./holds.ts";
import { lastWordsOf } from "./last-words.ts";
import { type Observation, observe } from "./observation.ts";
import type { PodContext } from "./pod-context.ts";
import type { PodEndings } from "./pod-endings.ts";
import { PodHealth } from "./pod-health.ts";
import type { PodMemory } from "./pod-memory.ts";
import { VolumeKeeper, volumeHold } from "./volume-keeper.ts";

/** Steps of one look. A Pod with many containers takes a few; more than this is a plan that runs in a circle. */
const mostSteps = 1_000;

interface Step {
  readonly seen: Observation;
  readonly plan: PodPlan;
}

/** One look at a Pod: does what is to be done until nothing is, and brings its status up to date. */
export class PodSync implements Disposable {
  readonly #actions: ActionRunner;
  readonly #pauses: CrashPauses;
  readonly #volumes: VolumeKeeper;
  readonly #fields: FieldWarnings;
  readonly #health: PodHealth;

  constructor(
    private readonly context: PodContext,
    private readonly memory: PodMemory,
    private readonly endings: PodEndings,
  ) {
    this.#health = new PodHealth(context, () => memory.statuses());
    this.#actions = new ActionRunner(context, this.#health.hooks);
    this.#volumes = new VolumeKeeper(context);
    this.#fields = new FieldWarnings(context.events, memory.toldFields);
    this.#pauses = new CrashPauses(context.identity, context.backOff, context.events);
  }

  /** Nothing is probed any more. */
  [Symbol.dispose](): void {
    this.#health[Symbol.dispose]();
  }

  /**
   * Brings a Pod that is wanted in step.
   *
   * @returns in how many milliseconds to look again, unless something happens before
   */
  async keep(pod: Pod): Promise<number | undefined> {
    const { node, holds } = this.context;
    const now = node.clock.monotonic();
    const refused = this.#fields.tell(pod, this.#named(pod).runtime?.info.isConfined ?? true);
    const activeMs = this.endings.activeMs(pod);
    if (activeMs === 0 && !this.memory.isFinal) this.#expire();
    const isOver = this.memory.isFinal || this.memory.failure !== undefined;
    const isPrepared = !isOver && refused.length === 0 && (await this.#volumes.areThere(pod));
    const { seen, plan } = await this.#steps(pod, { isEnding: isOver, isPrepared });
    await this.#describe(pod, seen, plan, { isEnded: isOver, refused });
    if (this.memory.isFinal) await this.context.folders.removeVolumes();
    const pauses = [...plan.backingOff.values()].map(({ remainingMs }) => remainingMs);
    const waits = [...pauses, activeMs, node.tokens.nextMs(pod), holds.nextMs(now), this.#actions.nextMs(now)].filter(
      (ms) => ms !== undefined && ms > 0,
    );
    return this.memory.isFinal || waits.length === 0 ? undefined : Math.min(...waits.map(Number));
  }

  /**
   * Ends a Pod and takes away all it had on this node.
   *
   * @param pod as it was last; absent when this process never saw it
   * @returns `over`, or in how many milliseconds to look again, unless something that is under way ends before
   */
  async end(pod: Pod | undefined, remember: () => Promise<void>): Promise<"over" | number | undefined> {
    const known = pod ?? this.#unknown(await this.#observe());
    const { seen, plan } = await this.#steps(known, { isEnding: true, isPrepared: false });
    const isRunning = seen.containers.some(({ state }) => state === "running");
    if (pod !== undefined) await this.#describe(pod, seen, plan, { isEnded: true, refused: [] });
    if (isRunning || plan.actions.length > 0) return this.#actions.nextMs(this.context.node.clock.monotonic());
    // From here on its containers are forgotten, and their end with them.
    // A disk that is too full for it must not keep what fills it.
    if (pod !== undefined) await remember().catch((error) => this.#unremembered(error));
    for (let left = seen; left.runtime !== undefined; left = await this.#observe()) {
      for (const { id } of left.sandboxes) await left.runtime.removeSandbox(id);
    }
    this.context.node.writer.forget(this.context.folders.root);
    await this.context.folders.removeAll();
    await this.context.node.tokens.forget(this.context.identity.uid);
    return "over";
  }

  async #steps(pod: Pod, wish: Pick<PodFacts, "isEnding" | "isPrepared">): Promise<Step> {
    for (let count = 0; count < mostSteps; count += 1) {
      const seen = await this.#observe();
      const runtime = seen.runtime ?? this.#runtimeFor(pod, wish);
      this.#probe(pod, seen, wish.isEnding);
      const plan = planPod(this.#facts(pod, seen, runtime, wish));
      if (runtime === undefined || !(await this.#act(pod, runtime, plan, seen)))
        return { seen: await this.#observe(), plan };
    }
    const { namespace, name } = this.context.identity;
    throw errors.create("SKERRY_PODS_NO_END", { pod: `${namespace}/${name}`, steps: mostSteps });
  }

  #facts(
    pod: Pod,
    seen: Observation,
    runtime: WorkloadRuntime | undefined,
    wish: Pick<PodFacts, "isEnding" | "isPrepared">,
  ): PodFacts {
    const { node, holds } = this.context;
    const now = node.clock.monotonic();
    return {
      pod,
      sandboxes: seen.sandboxes,
      containers: seen.containers,
      health: this.#health,
      ...wish,
      pauses: this.#pauses.after(viewsOf(pod, seen.containers), now),
      held: holds.names(now),
      isSandboxHeld: runtime === undefined || holds.has(sandboxHold, now),
      attempts: this.memory.attempts(),
    };
  }

  #probe(pod: Pod, { runtime, sandboxes, containers }: Observation, isEnding: boolean): void {
    if (runtime === undefined) return;
    const views = viewsOf(pod, containers);
    this.#health.follow({ views, runtime, podIp: this.#ipsOf(pod, currentSandbox(sandboxes))[0], isEnding });
  }

  /** @returns whether the next step can be planned; what is left now is under way or held */
  async #act(pod: Pod, runtime: WorkloadRuntime, { actions }: PodPlan, { sandboxes }: Observation): Promise<boolean> {
    const { clock } = this.context.node;
    const cause = this.endings.causeFor(pod);
    const endsAt =
      cause === undefined ? clock.monotonic() + this.memory.graceSeconds * 1000 : this.endings.endsAt(cause, pod);
    const podIps = this.#ipsOf(pod, currentSandbox(sandboxes));
    let hasChanged = false;
    for (const action of actions) {
      const isDone = await this.#actions.run(action, { pod, runtime, podIps, endsAt });
      if (isDone && action.do === "start") this.#pauses.started(action.view, clock.monotonic());
      hasChanged ||= isDone;
    }
    return hasChanged;
  }

  #runtimeFor(
    pod: Pod,
    { isEnding, isPrepared }: Pick<PodFacts, "isEnding" | "isPrepared">,
  ): WorkloadRuntime | undefined {
    const { node, holds } = this.context;
    if (isEnding || !isPrepared) return undefined;
    const { runtimeClassName = "" } = pod.spec;
    const { handler, runtime: found } = this.#named(pod);
    if (found !== undefined || holds.has(sandboxHold, node.clock.monotonic())) return found;
    const problem =
      handler === undefined
        ? `runtimeclass.node.k8s.io "${runtimeClassName}" not found`
        : `no runtime for "${handler}" is configured`;
    this.#actions.failedSandbox(problem);
    return undefined;
  }

  /** The runtime of the Pod's RuntimeClass. */
  #named({ spec: { runtimeClassName = "" } }: Pod) {
    const { node, objects } = this.context;
    const handler = runtimeClassName === "" ? "" : objects.handler(runtimeClassName);
    const runtime = node.runtimes().find(({ info }) => handler !== undefined && info.handlers.includes(handler));
    return { handler, runtime };
  }

  async #describe(
    pod: Pod,
    seen: Observation,
    plan: PodPlan,
    { isEnded, refused }: { readonly isEnded: boolean; readonly refused: readonly UnsupportedField[] },
  ): Promise<void> {
    const { memory } = this;
    if (memory.isFinal) return;
    const views = viewsOf(pod, seen.containers);
    await this.#keepWords(pod, views);
    const sandbox = currentSandbox(seen.sandboxes);
    memory.status = podStatus({
      pod,
      views,
      health: this.#health,
      waiting: this.#waiting(views, plan, refused),
      messages: memory.messages,
      hasSandbox: sandbox !== undefined,
      runtime: seen.runtime?.info.name ?? "",
      hostIps: this.context.node.place().hostIps,
      podIps: this.#ipsOf(pod, sandbox),
      startedAt: memory.startedAt,
      before: memory.status,
      now: this.context.node.clock.now(),
      isEnded,
      hasBegun: memory.hasBegun || views.some(({ kind, current }) => kind === "main" && current !== undefined),
      failure: memory.failure,
    });
  }

  /** Why containers wait: what hinders the Pod, unless a container has its own reason. */
  #waiting(
    views: readonly ContainerView[],
    plan: PodPlan,
    refused: readonly UnsupportedField[],
  ): ReadonlyMap<string, Hold> {
    const shown = this.context.holds.shown();
    const [field] = refused;
    const refusal = field && { reason: "CreateContainerConfigError", message: sentenceOn(field) };
    const whole = refusal ?? shown.get(volumeHold) ?? shown.get(sandboxHold);
    const idle = views.filter(({ current, kind }) => current === undefined && (kind === "main" || whole !== undefined));
    return new Map([
      ...(whole === undefined ? [] : idle.map(({ spec }) => [spec.name, whole] as const)),
      ...shown,
      ...this.#pauses.shown(views, plan.backingOff),
    ]);
  }

  #keepWords(pod: Pod, views: readonly ContainerView[]): Promise<void> {
    const ended = views.flatMap(({ current, previous, spec }) =>
      [current, previous].flatMap((container): (readonly [Container, ContainerView["spec"]])[] =>
        container?.state === "exited" && container.message === undefined ? [[container, spec]] : [],
      ),
    );
    const byId = new Map(ended.map(([container, spec]) => [container.id, { container, spec }]));
    return this.memory.keepWords([...byId.keys()], async (id) => {
      const found = byId.get(id);
      return found === undefined ? "" : lastWordsOf(pod, found.spec, found.container, this.context.folders);
    });
  }

  #expire(): void {
    const message = "Pod was active on the node longer than the specified deadline";
    if (this.memory.failure === undefined) this.context.events.normal("DeadlineExceeded", message);
    this.memory.failure = { reason: "DeadlineExceeded", message };
  }

  /** A Pod on the node's network has the node's addresses, while it has a sandbox. */
  #ipsOf({ spec }: Pod, sandbox: Sandbox | undefined): readonly string[] {
    if (sandbox === undefined) return [];
    return spec.hostNetwork === true ? this.context.node.place().hostIps : sandbox.ips;
  }

  #observe(): Promise<Observation> {
    return observe(this.context.node, this.context.identity.uid);
  }

  #unremembered(error: unknown): void {
    const { namespace, name } = this.context.identity;
    this.context.node.logger.warn("the last status of a Pod was not stored", { pod: `${namespace}/${name}`, error });
  }

  /** In place of a Pod whose object nobody has any more. */
  #unknown({ containers }: Observation): Pod {
    const { namespace, name, uid } = this.context.identity;
    const names = [...new Set(containers.map(({ config }) => config.name))];
    const spec = { containers: names.map((container) => ({ name: container })) };
    return { apiVersion: "v1", kind: "Pod", metadata: { namespace, name, uid }, spec };
  }
}
