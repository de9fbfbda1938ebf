import type { KubeObject, ReplicaInterest, Route } from "@skerry/contracts";
import { isObject, textAt } from "../shared/member.ts";
import { configMapResource, podResource, runtimeClassResource, secretResource } from "../shared/pod-resources.ts";
import { referencesOf } from "./pod-references.ts";

const nobody: Route = { nodes: [], references: [] };
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * A Pod concerns the node it is bound to, from then until it is deleted; that node also holds the ConfigMaps, Secrets
 * and the RuntimeClass which the Pod names, and no others.
 */
export class PodsInterest implements ReplicaInterest {
  readonly resources = [podResource, configMapResource, secretResource, runtimeClassResource];

  route(object: KubeObject): Route {
    if (object.kind !== podResource.kind) return nobody;
    const nodeName = textAt(object.spec, "nodeName");
    return nodeName === undefined ? nobody : { nodes: [nodeName], references: referencesOf(object) };
  }

  /**
   * Leaves out the status, which comes from the node, what changes with every write of it, and the copy of the object
   * that kubectl keeps in it.
   */
  project({ status: _, ...object }: KubeObject): KubeObject {
    const { managedFields: __, resourceVersion: ___, annotations, ...metadata } = object.metadata;
    const kept = isObject(annotations) ? Object.entries(annotations).filter(([name]) => name !== lastApplied) : [];
    const own = kept.length === 0 ? {} : { annotations: Object.fromEntries(kept) as Record<string, string> };
    return { ...object, metadata: { ...metadata, ...own } } as KubeObject;
  }
}
