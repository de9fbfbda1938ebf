import { isJsonObject, type JsonObject, type JsonValue } from "../../kinds.ts";
import { deepEqual } from "../../registry/deep-equal.ts";

/** The label that tells the Pods of one ReplicaSet of a Deployment from those of another. */
export const hashLabel = "pod-template-hash";

/** No vowels and nothing that looks like another, as in Kubernetes. */
const alphabet = "bcdfghjklmnpqrstvwxz2456789";

/** Names a template; the same template has another name after each collision. */
export function templateHash(template: JsonObject, collisions: number): string {
  const text = `${JSON.stringify(sorted(template))}${collisions === 0 ? "" : collisions}`;
  return [...String(fnv1a(text))].map((digit) => alphabet[digit.charCodeAt(0) % alphabet.length]).join("");
}

/** Whether two templates make the same Pods. */
export function sameTemplate(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  return deepEqual(withoutHash(left), withoutHash(right));
}

function withoutHash(template: JsonValue | undefined): JsonValue | undefined {
  if (!isJsonObject(template) || !isJsonObject(template["metadata"])) return template;
  const { metadata } = template;
  if (!isJsonObject(metadata["labels"])) return template;
  const { [hashLabel]: _, ...labels } = metadata["labels"];
  return { ...template, metadata: { ...metadata, labels } };
}

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]));
}

/** FNV-1a of 32 bits. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
