import { isJsonObject, type JsonObject } from "../../kinds.ts";
import { textAt } from "../../printing/member-at.ts";
import type { ApiObject } from "../../registry/api-object.ts";
import { numberAt, numberIn } from "../runtime/number-at.ts";
import { type RolloutLimits, rolloutLimits } from "./rollout-limits.ts";

export const revisionAnnotation = "deployment.kubernetes.io/revision";
export const desiredAnnotation = "deployment.kubernetes.io/desired-replicas";
export const maxAnnotation = "deployment.kubernetes.io/max-replicas";
/** By which Kubernetes says "never". */
const unlimited = 2 ** 31 - 1;

/** A Deployment as its plans look at it. */
export interface DeploymentView extends RolloutLimits {
  readonly object: ApiObject;
  readonly name: string;
  readonly replicas: number;
  readonly template: JsonObject;
  readonly isRolling: boolean;
  readonly isPaused: boolean;
  /** `undefined` keeps every old ReplicaSet. */
  readonly historyLimit: number | undefined;
  /** `undefined` waits for ever. */
  readonly deadlineSeconds: number | undefined;
}

export function viewDeployment(object: ApiObject): DeploymentView {
  const spec = isJsonObject(object["spec"]) ? object["spec"] : {};
  const replicas = numberIn(spec, "replicas") ?? 1;
  return {
    object,
    name: object.metadata.name,
    replicas,
    template: isJsonObject(spec["template"]) ? spec["template"] : {},
    isRolling: textAt(spec, "strategy", "type") === "RollingUpdate",
    isPaused: spec["paused"] === true,
    historyLimit: limited(numberIn(spec, "revisionHistoryLimit") ?? 10),
    deadlineSeconds: limited(numberIn(spec, "progressDeadlineSeconds") ?? 600),
    ...rolloutLimits(spec, replicas),
  };
}

/** A ReplicaSet as the plans of its Deployment look at it. */
export interface ReplicaSetView {
  readonly object: ApiObject;
  readonly name: string;
  /** As asked for. */
  readonly replicas: number;
  /** As counted by its status. */
  readonly actual: number;
  readonly ready: number;
  readonly available: number;
  /** Its status speaks of the size that is asked for now. */
  readonly isObserved: boolean;
  readonly revision: number;
  /** The size of the Deployment when it was last scaled, and that with surge. */
  readonly desired: number | undefined;
  readonly max: number | undefined;
}

export function viewReplicaSet(object: ApiObject): ReplicaSetView {
  const { name, generation = 0 } = object.metadata;
  return {
    object,
    name,
    replicas: numberIn(object, "spec", "replicas") ?? 1,
    actual: numberAt(object, "status", "replicas"),
    ready: numberAt(object, "status", "readyReplicas"),
    available: numberAt(object, "status", "availableReplicas"),
    isObserved: numberAt(object, "status", "observedGeneration") >= generation,
    revision: wholeNumber(object, revisionAnnotation) ?? 0,
    desired: wholeNumber(object, desiredAnnotation),
    max: wholeNumber(object, maxAnnotation),
  };
}

/** Oldest first. */
export function byAge(left: ReplicaSetView, right: ReplicaSetView): number {
  const [one, other] = [left, right].map(({ object }) => object.metadata.creationTimestamp ?? "") as [string, string];
  if (one !== other) return one < other ? -1 : 1;
  return left.name < right.name ? -1 : 1;
}

export function sum(sets: readonly ReplicaSetView[], count: (set: ReplicaSetView) => number): number {
  return sets.reduce((total, set) => total + count(set), 0);
}

function wholeNumber({ metadata }: ApiObject, annotation: string): number | undefined {
  const text = metadata.annotations?.[annotation] ?? "";
  return /^[0-9]{1,10}$/.test(text) ? Number(text) : undefined;
}

function limited(value: number): number | undefined {
  return value >= unlimited ? undefined : value;
}
