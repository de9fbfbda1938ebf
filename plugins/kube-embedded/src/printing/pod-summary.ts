import { isJsonObject, type JsonObject } from "../kinds.ts";
import { ageOf } from "./human-duration.ts";
import { memberAt, objectsAt, textAt } from "./member-at.ts";

export interface PodSummary {
  readonly ready: number;
  readonly total: number;
  /** What `kubectl get pods` shows as STATUS. */
  readonly reason: string;
  /** Such as `2 (3s ago)`. */
  readonly restarts: string;
}

/** Restarts of some containers, and when the last of them ended. */
interface Restarts {
  readonly count: number;
  readonly last: string;
}

/** A Pod in the four words of `kubectl get pods`, from the states of its containers. */
export function podSummary(pod: JsonObject, now: Date): PodSummary {
  const sidecars = sidecarsOf(pod);
  const statuses = objectsAt(pod, "status", "initContainerStatuses");
  const besides = statuses.filter((status) => sidecars.has(textAt(status, "name")));
  const initReason = initReasonOf(pod, sidecars);
  const isInitialized = initReason === undefined || conditionHolds(pod, "Initialized");
  const main = objectsAt(pod, "status", "containerStatuses");
  const restarts = restartsOf(isInitialized ? [...besides, ...main] : statuses);
  const upBesides = besides.filter((status) => status["started"] === true && status["ready"] === true);
  const upMain = isInitialized ? main.filter(isUp) : [];
  const reason = isInitialized ? runReasonOf(pod, main, initReason ?? phaseReasonOf(pod)) : (initReason ?? "");
  return {
    ready: upBesides.length + upMain.length,
    total: objectsAt(pod, "spec", "containers").length + sidecars.size,
    reason: endingReasonOf(pod) ?? reason,
    restarts:
      restarts.count > 0 && restarts.last !== ""
        ? `${restarts.count} (${ageOf(restarts.last, now)} ago)`
        : `${restarts.count}`,
  };
}

function sidecarsOf(pod: JsonObject): ReadonlySet<string> {
  const restartable = objectsAt(pod, "spec", "initContainers").filter((it) => it["restartPolicy"] === "Always");
  return new Set(restartable.map((container) => textAt(container, "name")));
}

function phaseReasonOf(pod: JsonObject): string {
  const isGated = objectsAt(pod, "status", "conditions").some(
    ({ type, reason }) => type === "PodScheduled" && reason === "SchedulingGated",
  );
  return isGated ? "SchedulingGated" : textAt(pod, "status", "reason") || textAt(pod, "status", "phase");
}

/** Why the init containers are not done, if so. */
function initReasonOf(pod: JsonObject, sidecars: ReadonlySet<string>): string | undefined {
  for (const [i, status] of objectsAt(pod, "status", "initContainerStatuses").entries()) {
    const terminated = memberAt(status, "state", "terminated");
    if (isJsonObject(terminated) && terminated["exitCode"] === 0) continue;
    if (sidecars.has(textAt(status, "name")) && status["started"] === true) continue;
    if (isJsonObject(terminated)) return `Init:${endOf(terminated)}`;
    const waiting = textAt(status, "state", "waiting", "reason");
    if (waiting !== "" && waiting !== "PodInitializing") return `Init:${waiting}`;
    return `Init:${i}/${objectsAt(pod, "spec", "initContainers").length}`;
  }
  return undefined;
}

/** The first container that has something to say says it. */
function runReasonOf(pod: JsonObject, statuses: readonly JsonObject[], otherwise: string): string {
  const reasons = statuses.flatMap((status) => {
    const waiting = textAt(status, "state", "waiting", "reason");
    if (waiting !== "") return [waiting];
    const terminated = memberAt(status, "state", "terminated");
    return isJsonObject(terminated) ? [endOf(terminated)] : [];
  });
  const reason = reasons[0] ?? otherwise;
  if (reason !== "Completed" || !statuses.some(isUp)) return reason;
  return conditionHolds(pod, "Ready") ? "Running" : "NotReady";
}

function endingReasonOf(pod: JsonObject): string | undefined {
  if (memberAt(pod, "metadata", "deletionTimestamp") === undefined) return undefined;
  if (textAt(pod, "status", "reason") === "NodeLost") return "Unknown";
  const phase = textAt(pod, "status", "phase");
  return phase === "Succeeded" || phase === "Failed" ? undefined : "Terminating";
}

function endOf(terminated: JsonObject): string {
  const reason = textAt(terminated, "reason");
  if (reason !== "") return reason;
  const { signal = 0, exitCode = 0 } = terminated;
  return signal === 0 ? `ExitCode:${exitCode}` : `Signal:${signal}`;
}

function isUp(status: JsonObject): boolean {
  return status["ready"] === true && memberAt(status, "state", "running") !== undefined;
}

function conditionHolds(pod: JsonObject, type: string): boolean {
  return objectsAt(pod, "status", "conditions").some((it) => it["type"] === type && it["status"] === "True");
}

function restartsOf(statuses: readonly JsonObject[]): Restarts {
  const counts = statuses.map(({ restartCount }) => (typeof restartCount === "number" ? restartCount : 0));
  const ends = statuses.map((status) => textAt(status, "lastState", "terminated", "finishedAt"));
  return { count: counts.reduce((sum, count) => sum + count, 0), last: ends.sort().at(-1) ?? "" };
}
