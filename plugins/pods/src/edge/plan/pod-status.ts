import type { JsonObject } from "@skerry/contracts";
import { conditionsOf } from "./conditions.ts";
import { containerStatus } from "./container-status.ts";
import { type Phase, phaseOf } from "./phase.ts";
import type { StatusFacts } from "./status-facts.ts";
import { timeText } from "./time-text.ts";

/** `v1.PodStatus` as the kubelet would report it, without what others add. */
export function podStatus(facts: StatusFacts): JsonObject {
  const { pod, views, hostIps, podIps, failure, hasSandbox, now } = facts;
  const containers = views.map((view) => ({ view, status: containerStatus(facts, view) }));
  const isRunning = views.some(({ current }) => current?.state === "running");
  // What still runs is not final, whatever is to become of it.
  const phase = phaseWith(phaseOf(pod, containers, facts.isEnded), failure !== undefined, facts.isEnded && !isRunning);
  const before = (facts.before?.["conditions"] ?? []) as readonly JsonObject[];
  const statuses = (isMain: boolean) =>
    containers.filter(({ view }) => (view.kind === "main") === isMain).map(({ status }) => status);
  const init = statuses(false);
  return {
    phase,
    conditions: conditionsOf({ containers, phase, hasSandbox, before, now }),
    ...(phase === "Failed" ? failure : {}),
    ...addresses("host", hostIps),
    ...(podIps.length === 0 && !hasSandbox ? addressesBefore(facts.before) : addresses("pod", podIps)),
    startTime: timeText(facts.startedAt),
    ...(init.length === 0 ? {} : { initContainerStatuses: init }),
    containerStatuses: statuses(true),
  };
}

/** What is over and did not succeed has failed, also when it never began. */
function phaseWith(phase: Phase, hasFailed: boolean, isOver: boolean): Phase {
  if (!isOver) return phase;
  return phase === "Succeeded" && !hasFailed ? "Succeeded" : "Failed";
}

export function isFinal(status: JsonObject | undefined): boolean {
  return status?.["phase"] === "Succeeded" || status?.["phase"] === "Failed";
}

function addresses(whose: "host" | "pod", ips: readonly string[]): JsonObject {
  const [first] = ips;
  return first === undefined ? {} : { [`${whose}IP`]: first, [`${whose}IPs`]: ips.map((ip) => ({ ip })) };
}

/** A Pod that has ended keeps the addresses it had. */
function addressesBefore(before: JsonObject | undefined): JsonObject {
  const { podIP, podIPs } = before ?? {};
  return podIP === undefined || podIPs === undefined ? {} : { podIP, podIPs };
}
