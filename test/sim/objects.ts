import { type KubeObject, type ReplicaInterest, type Resource, refKey, refOf } from "@skerry/contracts";

export const configMaps: Resource = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
};

/** A ConfigMap concerns the nodes its annotation names, and leads to the one that `data.next` names. */
export class SimInterest implements ReplicaInterest {
  readonly resources = [configMaps];

  route({ metadata, data }: KubeObject) {
    const next = (data as { readonly next?: string } | undefined)?.next;
    const references = next === undefined ? [] : [{ group: "", kind: "ConfigMap", namespace: "default", name: next }];
    return { nodes: metadata.annotations?.["nodes"]?.split(" ").filter((name) => name !== "") ?? [], references };
  }
}

export function configMap(name: string, nodes: readonly string[], data: Readonly<Record<string, string>>): KubeObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: "default", annotations: { nodes: nodes.join(" ") } },
    data,
  };
}

/** What a node should hold, as `name=revision`, by following references from what concerns it. */
export function wantedBy(node: string, objects: readonly KubeObject[]): readonly string[] {
  const interest = new SimInterest();
  const byKey = new Map(objects.map((object) => [refKey(refOf(object)), object]));
  const wanted = new Map<string, KubeObject>();
  const follow = (object: KubeObject | undefined): void => {
    if (!object || wanted.has(refKey(refOf(object)))) return;
    wanted.set(refKey(refOf(object)), object);
    for (const reference of interest.route(object).references) follow(byKey.get(refKey(reference)));
  };
  for (const object of objects) if (interest.route(object).nodes.includes(node)) follow(object);
  return [...wanted.values()].map(shown).sort();
}

export function shown({ metadata, data }: KubeObject): string {
  return `${metadata.name}=${(data as { readonly revision?: string } | undefined)?.revision}`;
}
