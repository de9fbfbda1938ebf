import type { Container, JsonObject } from "@skerry/contracts";
import { type ContainerView, isPassed, isRestarted, isSidecar } from "./container-view.ts";
import type { Pod } from "./pod.ts";

export interface PodFacts {
  readonly pod: Pod;
  readonly views: readonly ContainerView[];
  /** Why a container waits, by its name. */
  readonly waiting: ReadonlyMap<string, { readonly reason: string; readonly message: string }>;
  readonly hasSandbox: boolean;
  readonly runtime: string;
  readonly hostIp: string;
  /** Milliseconds since the Unix epoch when the node first saw the Pod. */
  readonly seenAt: number;
  /** Conditions as they were reported last. */
  readonly before: readonly JsonObject[];
  readonly now: number;
  /** Why the Pod has failed as a whole, if so. */
  readonly failure?: { readonly reason: string; readonly message: string } | undefined;
}

/** `v1.PodStatus` as the kubelet would report it. */
export function podStatus(facts: PodFacts): JsonObject {
  const { views, hostIp, seenAt, failure } = facts;
  const init = views.filter(({ isInit }) => isInit);
  const main = views.filter(({ isInit }) => !isInit);
  const phase = failure === undefined ? phaseOf(facts, init, main) : "Failed";
  const statuses = (list: readonly ContainerView[]) => list.map((view) => containerStatus(facts, view, init, phase));
  const isDone = phase === "Succeeded" || phase === "Failed";
  return {
    phase,
    conditions: conditionsOf(facts, init, main, isDone, phase),
    ...(failure ?? {}),
    hostIP: hostIp,
    hostIPs: [{ ip: hostIp }],
    startTime: time(seenAt),
    ...(init.length === 0 ? {} : { initContainerStatuses: statuses(init) }),
    containerStatuses: statuses(main),
  };
}

function phaseOf({ pod }: PodFacts, init: readonly ContainerView[], main: readonly ContainerView[]): string {
  const isFailed = (view: ContainerView) => view.current?.state === "exited" && view.current.exitCode !== 0;
  if (init.some((view) => !isSidecar(view) && isFailed(view) && !isRestarted(pod, view))) return "Failed";
  if (!init.every((view) => isPassed(view) || isSidecar(view))) return "Pending";
  if (main.some(({ current }) => current === undefined || current.state === "created")) {
    if (!main.some(({ current }) => current?.state === "running")) {
      return main.some(({ current }) => current?.state === "exited") ? "Running" : "Pending";
    }
    return "Running";
  }
  if (main.some((view) => view.current?.state === "running" || isRestarted(pod, view))) return "Running";
  return main.some(isFailed) ? "Failed" : "Succeeded";
}

function containerStatus(
  facts: PodFacts,
  view: ContainerView,
  init: readonly ContainerView[],
  phase: string,
): JsonObject {
  const { current, previous, spec } = view;
  const isStopped = phase === "Failed" || phase === "Succeeded";
  const isHeld = current?.state === "exited" && isRestarted(facts.pod, view) && !isStopped;
  const last = isHeld ? current : previous?.state === "exited" ? previous : undefined;
  const isReady = view.isInit && !isSidecar(view) ? isPassed(view) : current?.state === "running";
  return {
    name: spec.name,
    image: spec.image ?? "",
    imageID: current?.config.imageId ?? "",
    ...(current === undefined ? {} : { containerID: `${facts.runtime}://${current.id}` }),
    ready: isReady,
    started: current?.state === "running",
    restartCount: current?.config.attempt ?? 0,
    state: stateOf(facts, view, init, isHeld),
    ...(last === undefined ? { lastState: {} } : { lastState: { terminated: terminated(last, facts.runtime) } }),
  };
}

function stateOf(facts: PodFacts, view: ContainerView, init: readonly ContainerView[], isHeld: boolean): JsonObject {
  const { current, spec, isInit } = view;
  const waiting = facts.waiting.get(spec.name);
  if (current?.state === "running") return { running: { startedAt: time(current.startedAt ?? current.createdAt) } };
  if (waiting !== undefined && (current?.state !== "exited" || isHeld)) return { waiting: { ...waiting } };
  if (current?.state === "exited") return { terminated: terminated(current, facts.runtime) };
  const isLater = !isInit && !init.every(isPassed);
  return { waiting: { reason: isLater || (isInit && facts.hasSandbox) ? "PodInitializing" : "ContainerCreating" } };
}

function terminated(container: Container, runtime: string): JsonObject {
  const { exitCode = 255, reason = "Unknown", message, startedAt, finishedAt, id, createdAt } = container;
  return {
    exitCode,
    reason,
    ...(message === undefined ? {} : { message }),
    startedAt: time(startedAt ?? createdAt),
    finishedAt: time(finishedAt ?? createdAt),
    containerID: `${runtime}://${id}`,
  };
}

function conditionsOf(
  facts: PodFacts,
  init: readonly ContainerView[],
  main: readonly ContainerView[],
  isDone: boolean,
  phase: string,
): readonly JsonObject[] {
  const pendingInit = init.filter((view) => !isPassed(view)).map(({ spec }) => spec.name);
  const unready = main.filter(({ current }) => current?.state !== "running").map(({ spec }) => spec.name);
  const readiness =
    isDone && phase === "Succeeded"
      ? { status: "False", reason: "PodCompleted" }
      : unready.length === 0
        ? { status: "True" }
        : {
            status: "False",
            reason: "ContainersNotReady",
            message: `containers with unready status: [${unready.join(" ")}]`,
          };
  const initialized =
    pendingInit.length === 0 || phase === "Succeeded"
      ? { status: "True" }
      : {
          status: "False",
          reason: "ContainersNotInitialized",
          message: `containers with incomplete status: [${pendingInit.join(" ")}]`,
        };
  const states: readonly JsonObject[] = [
    { type: "PodReadyToStartContainers", status: facts.hasSandbox && !isDone ? "True" : "False" },
    { type: "Initialized", ...initialized },
    { type: "Ready", ...readiness },
    { type: "ContainersReady", ...readiness },
  ];
  return states.map((state) => {
    const old = facts.before.find(({ type }) => type === state["type"]);
    const since =
      old !== undefined && old["status"] === state["status"] ? (old["lastTransitionTime"] ?? null) : time(facts.now);
    return { ...state, lastProbeTime: null, lastTransitionTime: since };
  });
}

/** `metav1.Time`. */
export function time(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
