import { ClusterView } from "../../../src/controllers/scheduler/cluster-view.ts";
import type { Filter } from "../../../src/controllers/scheduler/filters/index.ts";
import { nodeView } from "../../../src/controllers/scheduler/node-view.ts";
import { podView } from "../../../src/controllers/scheduler/pod-view.ts";
import type { JsonObject } from "../../../src/kinds.ts";
import type { ApiObject } from "../../../src/registry/api-object.ts";

export const roomy = { cpu: "4", memory: "8Gi", "ephemeral-storage": "10Gi", pods: "110" };

export interface NodeSketch {
  readonly labels?: Readonly<Record<string, string>>;
  readonly spec?: JsonObject;
  readonly allocatable?: JsonObject;
}

export function node(name: string, { labels = {}, spec = {}, allocatable = roomy }: NodeSketch = {}): ApiObject {
  const all = { "kubernetes.io/hostname": name, ...labels };
  return { apiVersion: "v1", kind: "Node", metadata: { name, labels: all }, spec, status: { allocatable } };
}

export interface PodSketch {
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly on?: string;
  readonly owner?: string;
  readonly isEnding?: boolean;
  readonly spec?: JsonObject;
  readonly requests?: JsonObject;
}

export function pod(name: string, sketch: PodSketch = {}): ApiObject {
  const { namespace = "default", labels = {}, on, owner, isEnding = false, spec = {}, requests } = sketch;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace,
      labels,
      creationTimestamp: "2026-01-01T00:00:00Z",
      ...(isEnding ? { deletionTimestamp: "2026-01-01T00:00:00Z" } : {}),
      ...(owner === undefined ? {} : { ownerReferences: [{ uid: owner, controller: true }] }),
    },
    spec: {
      containers: [{ name: "main", image: "scratch", ...(requests === undefined ? {} : { resources: { requests } }) }],
      ...(on === undefined ? {} : { nodeName: on }),
      ...spec,
    },
  };
}

/** Nodes with Pods on them; namespaces carry their name as label `name`. */
export function cluster(nodes: readonly ApiObject[], pods: readonly ApiObject[] = []): ClusterView {
  return new ClusterView(nodes.map(nodeView), pods.map(podView), (name) => ({ name }));
}

/** What a filter says of each node. */
export function judged(
  filter: Filter,
  wanted: ApiObject,
  on: ClusterView,
): Readonly<Record<string, readonly string[]>> {
  const check = filter(podView(wanted), on);
  return Object.fromEntries(on.loads.map((load) => [load.node.name, check(load)]));
}
