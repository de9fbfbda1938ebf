import type { KubeObject, ObjectMeta } from "@skerry/contracts";

const defaultGraceSeconds = 30;

/** The metadata of an object whose deletion was asked for; who asks again can only shorten the time. */
export function deletedMetadata(object: KubeObject, asked: number | undefined, now: number): ObjectMeta {
  const { metadata } = object;
  const given = metadata.deletionGracePeriodSeconds;
  if (metadata.deletionTimestamp !== undefined && (asked === undefined || asked >= (given ?? 0))) return metadata;
  const deletionGracePeriodSeconds = graceOf(object, asked);
  const deletionTimestamp = timestamp(now + deletionGracePeriodSeconds * 1_000);
  return { ...metadata, deletionTimestamp, deletionGracePeriodSeconds };
}

/** Whether an object that is being deleted waits for somebody. */
export function isHeld({ finalizers = [], deletionGracePeriodSeconds = 0 }: ObjectMeta): boolean {
  return finalizers.length > 0 || deletionGracePeriodSeconds > 0;
}

/** RFC 3339, whole seconds. */
export function timestamp(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
}

/** Only what runs on a node needs time to end. */
function graceOf({ apiVersion, kind, spec, status }: KubeObject, asked: number | undefined): number {
  if (apiVersion !== "v1" || kind !== "Pod") return 0;
  const { nodeName, terminationGracePeriodSeconds } = (spec ?? {}) as Readonly<Record<string, unknown>>;
  const { phase } = (status ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof nodeName !== "string" || phase === "Succeeded" || phase === "Failed") return 0;
  const own = typeof terminationGracePeriodSeconds === "number" ? terminationGracePeriodSeconds : defaultGraceSeconds;
  return asked ?? own;
}
