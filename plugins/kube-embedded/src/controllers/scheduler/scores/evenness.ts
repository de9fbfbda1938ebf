import type { ClusterView } from "../cluster-view.ts";
import { matchesPod } from "../pod-term.ts";
import type { PodView } from "../pod-view.ts";
import { TopologyCounts } from "../topology-counts.ts";
import type { Score, Scorer } from "./score.ts";

const better = { weight: 2, isGood: false, from: "least" } as const;

/**
 * The node whose domain has fewest Pods of those that a constraint with `ScheduleAnyway` wants spread; without such a
 * constraint, the node that has fewest Pods of the same owner.
 */
export const evenness: Scorer = (pod, cluster) => byConstraints(pod, cluster) ?? byOwner(pod);

function byConstraints({ spread }: PodView, { loads, namespaceLabels }: ClusterView): Score | undefined {
  const wishes = spread.filter(({ isRequired }) => !isRequired).map(({ term }) => term);
  if (wishes.length === 0) return undefined;
  const counted = wishes.map((term) => {
    const counts = new TopologyCounts();
    for (const { node, pods } of loads) {
      const matching = pods.filter((it) => !it.isEnding && matchesPod(term, it, namespaceLabels));
      counts.add(node, term.topologyKey, matching.length);
    }
    return { topologyKey: term.topologyKey, counts };
  });
  return {
    ...better,
    of: ({ node }) => counted.reduce((sum, { counts, topologyKey }) => sum + counts.at(node, topologyKey), 0),
  };
}

function byOwner({ owner, spread }: PodView): Score | undefined {
  if (owner === undefined || spread.length > 0) return undefined;
  return { ...better, of: ({ pods }) => pods.filter((it) => it.owner === owner && !it.isEnding).length };
}
