import type { Container, JsonObject } from "@skerry/contracts";
import { type ContainerView, isRestarted } from "./container-view.ts";
import type { StatusFacts } from "./status-facts.ts";
import { timeText } from "./time-text.ts";

const none: JsonObject = {};
/** Of a message in a status, in characters; as the kubelet cuts the last words of a container. */
const longestMessage = 4096;

/** `v1.ContainerStatus`, as the kubelet would report it. */
export function containerStatus(facts: StatusFacts, view: ContainerView): JsonObject {
  const { current, spec, kind } = view;
  const before = statusBefore(facts, spec.name);
  const waiting = facts.isEnded ? undefined : facts.waiting.get(spec.name);
  const isHeld = waiting !== undefined && current?.state !== "running";
  const last = lastOf(facts, view, isHeld, before);
  const isRunning = current?.state === "running";
  const imageId = current?.config.imageId ?? before["imageID"] ?? "";
  const containerId = current === undefined ? before["containerID"] : `${facts.runtime}://${current.id}`;
  return {
    name: spec.name,
    image: spec.image ?? "",
    imageID: imageId,
    ...(containerId === undefined ? {} : { containerID: containerId }),
    ready:
      kind === "init"
        ? current?.state === "exited" && current.exitCode === 0
        : isRunning && facts.health.isStarted(current) && facts.health.isReady(current),
    started: kind !== "init" && isRunning && facts.health.isStarted(current),
    restartCount: Math.max(current?.config.attempt ?? 0, Number(before["restartCount"] ?? 0)),
    state: isHeld && waiting !== undefined ? { waiting: cut(waiting) } : stateOf(facts, view),
    lastState: last === undefined ? none : { terminated: last },
  };
}

function stateOf(facts: StatusFacts, { current }: ContainerView): JsonObject {
  if (current?.state === "running") return { running: { startedAt: timeText(current.startedAt ?? current.createdAt) } };
  if (current?.state === "exited") return { terminated: terminated(facts, current) };
  if (facts.isEnded && facts.hasBegun) {
    const message = "The container could not be located when the pod was terminated";
    const never = { startedAt: null, finishedAt: null };
    return { terminated: { exitCode: 137, reason: "ContainerStatusUnknown", message, ...never } };
  }
  const hasInit = (facts.pod.spec.initContainers ?? []).length > 0;
  return { waiting: { reason: hasInit ? "PodInitializing" : "ContainerCreating" } };
}

function lastOf(facts: StatusFacts, view: ContainerView, isHeld: boolean, before: JsonObject): JsonObject | undefined {
  const { current, previous } = view;
  if (current === undefined) return terminatedIn(before["state"]) ?? terminatedIn(before["lastState"]);
  if (isHeld && current.state === "exited" && isRestarted(facts.pod, view)) return terminated(facts, current);
  if (previous?.state === "exited") return terminated(facts, previous);
  // The runtime may have lost the attempt before: what was said of it stands.
  const isSame = before["restartCount"] === current.config.attempt;
  return terminatedIn(before["lastState"]) ?? (isSame ? undefined : terminatedIn(before["state"]));
}

function terminated(facts: StatusFacts, container: Container): JsonObject {
  const { exitCode = 255, reason = "Unknown", startedAt, finishedAt, id, createdAt } = container;
  const message = container.message ?? facts.messages.get(id);
  return {
    exitCode,
    reason,
    ...(message === undefined || message === "" ? {} : { message: message.slice(0, longestMessage) }),
    startedAt: timeText(startedAt ?? createdAt),
    finishedAt: timeText(finishedAt ?? createdAt),
    containerID: `${facts.runtime}://${id}`,
  };
}

function cut({ reason, message }: { readonly reason: string; readonly message?: string }): JsonObject {
  return { reason, ...(message === undefined ? {} : { message: message.slice(0, longestMessage) }) };
}

function terminatedIn(state: unknown): JsonObject | undefined {
  return (state as { readonly terminated?: JsonObject } | undefined)?.terminated;
}

/** What was reported last of a container; empty when nothing was. */
function statusBefore({ before }: StatusFacts, name: string): JsonObject {
  const lists = [before?.["initContainerStatuses"], before?.["containerStatuses"]] as readonly (
    | readonly JsonObject[]
    | undefined
  )[];
  return lists.flatMap((list) => list ?? []).find((status) => status["name"] === name) ?? none;
}
