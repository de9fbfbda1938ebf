import { matchesPod } from "../pod-term.ts";
import { TopologyCounts } from "../topology-counts.ts";
import type { Scorer } from "./score.ts";

/** The node whose neighbours the Pod prefers, by weight; neighbours it would rather avoid count against it. */
export const preferredPods: Scorer = (pod, cluster) => {
  const terms = pod.preferredPods;
  if (terms.length === 0) return undefined;
  const sums = new TopologyCounts();
  for (const { pod: other, load } of cluster.placed()) {
    for (const { term, weight } of terms) {
      if (matchesPod(term, other, cluster.namespaceLabels)) sums.add(load.node, term.topologyKey, weight);
    }
  }
  const keys = [...new Set(terms.map(({ term }) => term.topologyKey))];
  return {
    weight: 2,
    isGood: true,
    from: "least",
    of: ({ node }) => keys.reduce((sum, key) => sum + sums.at(node, key), 0),
  };
};
