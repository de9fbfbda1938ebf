import type { ClusterView, NodeLoad } from "../cluster-view.ts";
import type { PodView } from "../pod-view.ts";

/** Why a node cannot take a Pod, in kube-scheduler's words; empty when it can. */
export type NodeCheck = (load: NodeLoad) => readonly string[];

/** Looks at a Pod and the whole cluster once, and gives a check for each node. */
export type Filter = (pod: PodView, cluster: ClusterView) => NodeCheck;

/** What a check says of a node that can take the Pod. */
export const fits: readonly string[] = [];
export const always: NodeCheck = () => fits;
