import type { Container, JsonObject, WorkloadRuntime } from "@skerry/contracts";
import type { ContainerFailure } from "../plan/container-health.ts";
import { type ContainerView, fieldPathOf } from "../plan/container-view.ts";
import type { PodContext } from "../run/pod-context.ts";
import { ContainerProbes } from "./container-probes.ts";
import { probeOnce } from "./probe-check.ts";
import { type ProbeKind, probeKinds } from "./probe-kind.ts";
import type { ProbeLoopParts } from "./probe-loop.ts";

/** The Pod as it is at one look. */
export interface ProbedPod {
  readonly views: readonly ContainerView[];
  readonly runtime: WorkloadRuntime;
  readonly podIp: string | undefined;
  readonly isEnding: boolean;
}

/** The probes of one Pod's containers, each for as long as its container runs. */
export class PodProbes implements Disposable {
  readonly #running = new Map<string, ContainerProbes>();

  /** @param statuses of the Pod's containers as they were reported last, also by a process before this one */
  constructor(
    private readonly context: PodContext,
    private readonly statuses: () => readonly JsonObject[],
  ) {}

  follow(pod: ProbedPod): void {
    const running = new Set<string>();
    for (const view of pod.views) {
      const { current, kind, spec } = view;
      if (current?.state !== "running" || kind === "init" || probeKinds.every(({ field }) => !spec[field])) continue;
      running.add(current.id);
      const probes = this.#running.get(current.id) ?? this.#begin(current, view, pod);
      if (pod.isEnding) probes.ending();
    }
    for (const [id, probes] of this.#running) {
      if (running.has(id)) continue;
      probes[Symbol.dispose]();
      this.#running.delete(id);
    }
  }

  isStarted({ id }: Container): boolean {
    return this.#running.get(id)?.isStarted ?? true;
  }

  isReady({ id }: Container): boolean {
    return this.#running.get(id)?.isReady ?? true;
  }

  failure({ id }: Container): ContainerFailure | undefined {
    return this.#running.get(id)?.failed;
  }

  [Symbol.dispose](): void {
    for (const probes of this.#running.values()) probes[Symbol.dispose]();
    this.#running.clear();
  }

  #begin(container: Container, view: ContainerView, { runtime, podIp }: ProbedPod): ContainerProbes {
    const { node, touch } = this.context;
    const { clock, network, random } = node;
    const { id, startedAt = clock.now() } = container;
    const { spec } = view;
    const known = this.statuses().find((status) => status["containerID"] === `${runtime.info.name}://${id}`);
    const target = { runtime, id, podIp, ports: spec.ports ?? [], network };
    const probes = new ContainerProbes({
      spec,
      clock,
      ranMs: Math.max(0, clock.now() - startedAt),
      before: { isStarted: known?.["started"] === true, isReady: known?.["ready"] === true },
      // A node that comes back probes all its containers, but not all at once.
      jitter: () => (startedAt < node.begunAt ? random.next() : 0),
      check: (probe) => probeOnce(probe, target),
      noticed: (kind, result) => this.#notice(kind, view, result),
      changed: touch,
    });
    this.#running.set(id, probes);
    return probes;
  }

  #notice(
    kind: ProbeKind,
    view: ContainerView,
    { outcome, message = "" }: Parameters<ProbeLoopParts["noticed"]>[0],
  ): void {
    const { events, touch } = this.context;
    const title = probeKinds.find((one) => one.kind === kind)?.title ?? kind;
    const said = {
      success: `${title} probe warning: ${message}`,
      failure: `${title} probe failed: ${message}`,
      unknown: `${title} probe errored and resulted in unknown state: ${message}`,
    };
    events.warn(outcome === "success" ? "ProbeWarning" : "Unhealthy", said[outcome], fieldPathOf(view));
    touch();
  }
}
