import { bestNode } from "./best-node.ts";
import type { ClusterView, NodeLoad } from "./cluster-view.ts";
import {
  type Filter,
  hostPorts,
  namedNodesOnly,
  nodeAffinity,
  nodeName,
  nodeUnschedulable,
  podAffinity,
  resources,
  taints,
  topologySpread,
} from "./filters/index.ts";
import { obstacleOf } from "./obstacles.ts";
import type { PodView } from "./pod-view.ts";
import { noNodes, unschedulableAnywhere, unschedulableMessage } from "./unschedulable.ts";

/** In kube-scheduler's order: the first that refuses a node gives the reason. */
const filters: readonly Filter[] = [
  namedNodesOnly,
  nodeUnschedulable,
  nodeName,
  taints,
  nodeAffinity,
  hostPorts,
  resources,
  topologySpread,
  podAffinity,
];

/** Where a Pod goes, or the sentence that says why it cannot go anywhere. */
export type Decision = { readonly nodeName: string } | { readonly nodeName?: never; readonly message: string };

/** Decides about Pods one after another, in their order; each sees where the earlier ones go. */
export function planScheduling<T>(
  pending: readonly T[],
  viewOf: (pending: T) => PodView,
  cluster: ClusterView,
): ReadonlyMap<T, Decision> {
  const ordered = [...pending].sort((left, right) => inOrder(viewOf(left), viewOf(right)));
  return new Map(ordered.map((item) => [item, decide(viewOf(item), cluster)]));
}

function decide(pod: PodView, cluster: ClusterView): Decision {
  const nodes = cluster.loads.length;
  if (nodes === 0) return { message: noNodes };
  const obstacle = obstacleOf(pod);
  if (obstacle !== undefined) return { message: unschedulableAnywhere(nodes, obstacle) };
  const checks = filters.map((filter) => filter(pod, cluster));
  const reasons = new Map<string, number>();
  const candidates: NodeLoad[] = [];
  for (const load of cluster.loads) {
    const found = firstReasons(load, checks);
    if (found === undefined) candidates.push(load);
    else for (const reason of found) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const best = bestNode(pod, candidates, cluster);
  if (best === undefined) return { message: unschedulableMessage(nodes, reasons) };
  cluster.place(pod, best);
  return { nodeName: best.node.name };
}

function firstReasons(load: NodeLoad, checks: readonly ReturnType<Filter>[]): readonly string[] | undefined {
  for (const check of checks) {
    const reasons = check(load);
    if (reasons.length > 0) return reasons;
  }
  return undefined;
}

/** Sorts the urgent and then the elder first. */
export function inOrder(left: PodView, right: PodView): number {
  if (left.priority !== right.priority) return right.priority - left.priority;
  const key = ({ createdAt, namespace, name }: PodView) => `${createdAt} ${namespace}/${name}`;
  return key(left) < key(right) ? -1 : 1;
}
