import type { ClusterView, NodeLoad } from "./cluster-view.ts";
import type { PodView } from "./pod-view.ts";
import {
  avoidedTaints,
  evenness,
  leastAllocated,
  preferredNodes,
  preferredPods,
  type Scorer,
  scaled,
} from "./scores/index.ts";

const scorers: readonly Scorer[] = [leastAllocated, preferredNodes, avoidedTaints, preferredPods, evenness];

/** The best of the nodes that can take a Pod; of equals the one whose name comes first. */
export function bestNode(pod: PodView, candidates: readonly NodeLoad[], cluster: ClusterView): NodeLoad | undefined {
  if (candidates.length < 2) return candidates[0];
  const totals = candidates.map(() => 0);
  for (const scorer of scorers) {
    const score = scorer(pod, cluster);
    if (score === undefined) continue;
    const values = scaled(candidates.map(score.of), score);
    for (const [i, value] of values.entries()) totals[i] = (totals[i] ?? 0) + value * score.weight;
  }
  return candidates.reduce<{ load: NodeLoad; total: number } | undefined>((best, load, i) => {
    const total = totals[i] ?? 0;
    const isBetter =
      best === undefined || total > best.total || (total === best.total && load.node.name < best.load.node.name);
    return isBetter ? { load, total } : best;
  }, undefined)?.load;
}
