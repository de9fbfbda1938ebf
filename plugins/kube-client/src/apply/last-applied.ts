import type { KubeObject } from "@skerry/contracts";

type Json = Readonly<Record<string, unknown>>;

/** kubectl's: what one of them applied, the other can change and take back. */
const annotation = "kubectl.kubernetes.io/last-applied-configuration";

/** The object with a note of itself, by which a later `apply` knows what to take back. */
export function annotated(object: KubeObject): KubeObject {
  const { [annotation]: _, ...annotations } = object.metadata.annotations ?? {};
  const noted = { ...object, metadata: { ...object.metadata, annotations } };
  const note = `${JSON.stringify(sorted(noted))}\n`;
  return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, [annotation]: note } } };
}

/** The merge patch that makes `live` what `object` says: what it no longer says since the last apply is removed. */
export function applyPatch(object: KubeObject, live: KubeObject): object {
  return withRemovals(annotated(object), lastApplied(live)) as object;
}

function lastApplied(live: KubeObject): unknown {
  try {
    return JSON.parse(live.metadata.annotations?.[annotation] ?? "{}");
  } catch {
    // A note that somebody spoilt takes nothing back; the new one replaces it.
    return {};
  }
}

function withRemovals(next: unknown, last: unknown): unknown {
  if (!isObject(next) || !isObject(last)) return next;
  const removed = Object.keys(last).filter((name) => !Object.hasOwn(next, name));
  return Object.fromEntries([
    ...Object.entries(next).map(([name, value]) => [name, withRemovals(value, last[name])] as const),
    ...removed.map((name) => [name, null] as const),
  ]);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(([name, member]) => [name, sorted(member)] as const);
  return Object.fromEntries(members.sort(([left], [right]) => (left < right ? -1 : 1)));
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
