import type { NodeLoad } from "../cluster-view.ts";
import type { PodView } from "../pod-view.ts";
import type { Scorer } from "./score.ts";

/** The node that has most left of its CPU and memory, as a share, when the Pod is there. */
export const leastAllocated: Scorer = (pod) => ({
  weight: 1,
  isGood: true,
  from: "zero",
  of: (load) => (freeShare("cpu", load, pod) + freeShare("memory", load, pod)) / 2,
});

function freeShare(name: string, { node, assumed }: NodeLoad, pod: PodView): number {
  const all = node.allocatable.get(name) ?? 0;
  const used = (assumed.get(name) ?? 0) + (pod.assumed.get(name) ?? 0);
  return all > 0 && used <= all ? (all - used) / all : 0;
}
