import type { KubeObject, ListOptions, ObjectName, Resource } from "@skerry/contracts";

type Json = Readonly<Record<string, unknown>>;

/** RFC 7386. */
export function mergePatched(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged = new Map(Object.entries(isObject(target) ? target : {}));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, mergePatched(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}

/** Where an object is kept; `metadata.namespace` of a namespaced kind is `default` when absent. */
export function objectKey(resource: Resource, { name, namespace }: ObjectName): string {
  return `${resourceKey(resource)}/${resource.namespaced ? (namespace ?? "default") : ""}/${name}`;
}

export function resourceKey({ group, plural }: Resource): string {
  return `${group}/${plural}`;
}

export function apiVersionOf({ group, version }: Resource): string {
  return group === "" ? version : `${group}/${version}`;
}

export function isSelected(object: KubeObject, { namespace, labelSelector }: ListOptions): boolean {
  if (namespace !== undefined && object.metadata.namespace !== namespace) return false;
  return requirementsOf(labelSelector ?? "").every((matches) => matches(object.metadata.labels ?? {}));
}

type Requirement = (labels: Readonly<Record<string, string>>) => boolean;

/** The requirements of a Kubernetes label selector; throws for a text that is none. */
export function requirementsOf(selector: string): readonly Requirement[] {
  const parts = selector.split(/,(?![^(]*\))/).map((part) => part.trim());
  return parts.filter((part) => part !== "").map(requirementOf);
}

function requirementOf(text: string): Requirement {
  const set = /^([^\s!=(),]+)\s+(in|notin)\s*\(([^()]*)\)$/.exec(text);
  if (set !== null) {
    const [, key = "", operator, list = ""] = set;
    const values = list.split(",").map((value) => value.trim());
    return (labels) => (key in labels && values.includes(labels[key] ?? "")) === (operator === "in");
  }
  const equality = /^([^\s!=(),]+)\s*(==|=|!=)\s*([^\s!=(),]*)$/.exec(text);
  if (equality !== null) {
    const [, key = "", operator, value] = equality;
    return (labels) => (labels[key] === value) === (operator !== "!=");
  }
  const existence = /^(!?)\s*([^\s!=(),]+)$/.exec(text);
  if (existence === null) throw new Error(`unable to parse requirement: ${text}`);
  const [, absent, key = ""] = existence;
  return (labels) => key in labels === (absent === "");
}

export function isSame(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  const keys = Object.keys(left);
  return (
    Array.isArray(left) === Array.isArray(right) &&
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && isSame((left as Json)[key], (right as Json)[key]))
  );
}

/** A copy as it would come back from the API, which nobody can change. */
export function frozenCopy<T>(value: T): T {
  return deepFreeze(JSON.parse(JSON.stringify(value)) as T);
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  for (const member of Object.values(value)) deepFreeze(member);
  return Object.freeze(value);
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
