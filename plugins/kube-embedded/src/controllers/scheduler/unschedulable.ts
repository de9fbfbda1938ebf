/** How often each reason was given, over all nodes. */
export type Reasons = ReadonlyMap<string, number>;

/** kube-scheduler's sentence where there is no node at all. */
export const noNodes = "no nodes available to schedule pods";

/** kube-scheduler's sentence for a Pod that no node can take. */
export function unschedulableMessage(nodes: number, reasons: Reasons): string {
  const counted = [...reasons].map(([reason, count]) => `${count} ${reason}`).sort();
  return `0/${nodes} nodes are available: ${counted.join(", ")}.`;
}

/** The same where something about the Pod itself keeps it from every node. */
export function unschedulableAnywhere(nodes: number, why: string): string {
  return `0/${nodes} nodes are available: ${why}.`;
}
