import { isObject } from "../shared/member.ts";
import { isAddress } from "./is-address.ts";
import { isTime } from "./is-time.ts";

type Json = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isTruth: Check = (value) => typeof value === "boolean";
const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isTimeOrNull: Check = (value) => value === null || isTime(value);
const among =
  (...words: readonly string[]): Check =>
  (value) =>
    words.includes(String(value));
const listOf =
  (fits: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(fits);

/** An object with these members and no others; a `?` marks those that may be absent. */
function record(members: Readonly<Record<string, Check>>): Check {
  const checks = new Map(Object.entries(members).map(([name, check]) => [name.replace("?", ""), check]));
  const required = Object.keys(members).filter((name) => !name.endsWith("?"));
  return (value) =>
    isObject(value) &&
    required.every((name) => Object.hasOwn(value, name)) &&
    Object.entries(value).every(([name, member]) => checks.get(name)?.(member) ?? false);
}

const condition = record({
  type: isText,
  status: among("True", "False", "Unknown"),
  "reason?": isText,
  "message?": isText,
  "lastProbeTime?": isTimeOrNull,
  "lastTransitionTime?": isTimeOrNull,
  "observedGeneration?": isCount,
});

const state = record({
  "waiting?": record({ "reason?": isText, "message?": isText }),
  "running?": record({ "startedAt?": isTimeOrNull }),
  "terminated?": record({
    exitCode: Number.isSafeInteger,
    "signal?": Number.isSafeInteger,
    "reason?": isText,
    "message?": isText,
    "startedAt?": isTimeOrNull,
    "finishedAt?": isTimeOrNull,
    "containerID?": isText,
  }),
});

const containerStatus = record({
  name: isText,
  image: isText,
  imageID: isText,
  ready: isTruth,
  restartCount: isCount,
  "containerID?": isText,
  "started?": isTruth,
  "state?": state,
  "lastState?": state,
  "allocatedResources?": isObject,
  "resources?": isObject,
  "volumeMounts?": listOf(isObject),
  "user?": isObject,
  "stopSignal?": isText,
});

/** The members of `v1.PodStatus` that a node may set. */
const members: ReadonlyMap<string, Check> = new Map(
  Object.entries({
    phase: among("Pending", "Running", "Succeeded", "Failed", "Unknown"),
    conditions: listOf(condition),
    message: isText,
    reason: isText,
    hostIP: isAddress,
    hostIPs: listOf(record({ ip: isAddress })),
    podIP: isAddress,
    podIPs: listOf(record({ ip: isAddress })),
    startTime: isTime,
    observedGeneration: isCount,
    initContainerStatuses: listOf(containerStatus),
    containerStatuses: listOf(containerStatus),
    ephemeralContainerStatuses: listOf(containerStatus),
  }),
);

/** What is wrong with a status that a node reports, if anything. */
export function wrongStatus(status: Json): string | undefined {
  if (status["phase"] === undefined) return "expected a phase at status";
  for (const [field, value] of Object.entries(status)) {
    const check = members.get(field);
    if (check === undefined) return `${field.slice(0, 64)} of status is not for a node to set`;
    if (!check(value)) return `expected what Kubernetes has at status.${field}`;
  }
  return undefined;
}
