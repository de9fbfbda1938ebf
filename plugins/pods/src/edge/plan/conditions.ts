import type { JsonObject } from "@skerry/contracts";
import type { Phase, StatusedView } from "./phase.ts";
import { timeText } from "./time-text.ts";

export interface ConditionFacts {
  readonly containers: readonly StatusedView[];
  readonly phase: Phase;
  readonly hasSandbox: boolean;
  /** As they were reported last. */
  readonly before: readonly JsonObject[];
  readonly now: number;
}

interface State {
  readonly status: "True" | "False";
  readonly reason?: string;
  readonly message?: string;
}

/** The conditions of a Pod that are its node's to say. */
export function conditionsOf(facts: ConditionFacts): readonly JsonObject[] {
  const ready = readiness(facts);
  const states: readonly (readonly [string, State])[] = [
    ["PodReadyToStartContainers", { status: facts.hasSandbox ? "True" : "False" }],
    ["Initialized", initialized(facts)],
    ["Ready", ready],
    ["ContainersReady", ready],
  ];
  return states.map(([type, state]) => {
    const old = facts.before.find((condition) => condition["type"] === type);
    const since = old?.["status"] === state.status ? (old["lastTransitionTime"] ?? null) : timeText(facts.now);
    return { type, ...state, lastProbeTime: null, lastTransitionTime: since };
  });
}

function readiness({ phase, containers }: ConditionFacts): State {
  if (phase === "Succeeded") return { status: "False", reason: "PodCompleted" };
  if (phase === "Failed") return { status: "False", reason: "PodFailed" };
  const unready = containers
    .filter(({ view, status }) => view.kind !== "init" && status["ready"] !== true)
    .map(({ view }) => view.spec.name);
  if (unready.length === 0) return { status: "True" };
  const message = `containers with unready status: [${unready.join(" ")}]`;
  return { status: "False", reason: "ContainersNotReady", message };
}

function initialized({ phase, containers }: ConditionFacts): State {
  if (phase === "Succeeded") return { status: "True", reason: "PodCompleted" };
  const hasBegun = containers.some(({ view }) => view.kind === "main" && view.current !== undefined);
  const incomplete = containers
    .filter(({ view, status }) =>
      view.kind === "init" ? status["ready"] !== true : view.kind === "sidecar" && status["started"] !== true,
    )
    .map(({ view }) => view.spec.name);
  if (hasBegun || incomplete.length === 0) return { status: "True" };
  const message = `containers with incomplete status: [${incomplete.join(" ")}]`;
  return { status: "False", reason: "ContainersNotInitialized", message };
}
