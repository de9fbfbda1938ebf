import type { ObjectName, Resource } from "@skerry/contracts";

/** `v1`, or `group/version`. */
export function apiVersionOf({ group, version }: Pick<Resource, "group" | "version">): string {
  return group === "" ? version : `${group}/${version}`;
}

/** Where objects of a resource are listed and created; without a namespace, those of all namespaces. */
export function collectionPath(resource: Resource, namespace?: string): string {
  const root = resource.group === "" ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  const place = resource.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${root}${place}/${resource.plural}`;
}

/** Where one object is; in the namespace `default` when it has to be in one and names none. */
export function objectPath(resource: Resource, { name, namespace = "default" }: ObjectName): string {
  return `${collectionPath(resource, namespace)}/${encodeURIComponent(name)}`;
}

/** For messages: `Device default/meter-1`. */
export function subjectOf(resource: Resource, { name, namespace = "default" }: ObjectName): string {
  return resource.namespaced ? `${resource.kind} ${namespace}/${name}` : `${resource.kind} ${name}`;
}
