import { isDeepStrictEqual } from "node:util";
import type { JsonObject, KubeObject } from "@skerry/contracts";
import { isObject, objectAt, objectsIn } from "../shared/member.ts";

type Json = Readonly<Record<string, unknown>>;

/** What others than the node write into a Pod's status. */
const foreignFields = ["qosClass", "nominatedNodeName", "resourceClaimStatuses", "resize"];
/** The conditions that are the node's to set, and to leave out. */
const ownConditions = new Set([
  "ContainersReady",
  "Initialized",
  "PodReadyToStartContainers",
  "PodResizeInProgress",
  "PodResizePending",
  "Ready",
]);
const scheduled = "PodScheduled";

/** The status of a Pod after its node reported: the node's word, but for what is not the node's to say. */
export function mergedStatus(pod: KubeObject, reported: JsonObject): Json {
  const old = objectAt(pod.status);
  const foreign = foreignFields.filter((field) => old[field] !== undefined).map((field) => [field, old[field]]);
  return { ...reported, ...Object.fromEntries(foreign), conditions: mergedConditions(old, reported) };
}

function mergedConditions(old: Json, reported: JsonObject): readonly Json[] {
  const theirs = objectsIn(reported, "conditions").filter(({ type }) => type !== scheduled);
  const types = new Set(theirs.map(({ type }) => type));
  const kept = objectsIn(old, "conditions").filter(({ type }) => !types.has(type) && !ownConditions.has(String(type)));
  return [...theirs, ...kept];
}

/** The merge patch that brings a Pod's status there; `undefined` when it says the same already. */
export function statusPatch(pod: KubeObject, status: Json): Json | undefined {
  const old = objectAt(pod.status);
  const patch = new Map<string, unknown>();
  for (const [field, value] of Object.entries(status)) {
    if (!isDeepStrictEqual(meaning(old[field]), meaning(value))) patch.set(field, value);
  }
  for (const field of Object.keys(old)) if (!Object.hasOwn(status, field)) patch.set(field, null);
  return patch.size === 0 ? undefined : Object.fromEntries(patch);
}

/** A value without members that say nothing: a server may add or drop those. */
function meaning(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(meaning);
  if (!isObject(value)) return value === null || value === "" ? undefined : value;
  const members = Object.entries(value).map(([name, member]) => [name, meaning(member)] as const);
  const telling = members.filter(([, member]) => member !== undefined);
  return telling.length === 0 ? undefined : Object.fromEntries(telling);
}
