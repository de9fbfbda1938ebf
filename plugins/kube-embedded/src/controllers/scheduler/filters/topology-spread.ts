import type { ClusterView, NodeLoad } from "../cluster-view.ts";
import { meetsDemand } from "../node-selector.ts";
import { matchesPod } from "../pod-term.ts";
import type { PodView } from "../pod-view.ts";
import type { SpreadConstraint } from "../spread-constraint.ts";
import { keepsAway } from "../toleration.ts";
import { domainOf, TopologyCounts } from "../topology-counts.ts";
import { always, type Filter, fits } from "./filter.ts";

const skewed = ["node(s) didn't match pod topology spread constraints"];
const unlabelled = ["node(s) didn't match pod topology spread constraints (missing required label)"];

/** Constraints with `DoNotSchedule`: no domain may have more than `maxSkew` Pods beyond the one that has fewest. */
export const topologySpread: Filter = (pod, cluster) => {
  const constraints = pod.spread.filter(({ isRequired }) => isRequired);
  if (constraints.length === 0) return always;
  const limits = constraints.map((constraint) => limitOf(constraint, constraints, pod, cluster));
  return ({ node }) => {
    for (const { topologyKey, counts, most } of limits) {
      if (domainOf(node, topologyKey) === undefined) return unlabelled;
      if (counts.at(node, topologyKey) > most) return skewed;
    }
    return fits;
  };
};

interface Limit {
  readonly topologyKey: string;
  readonly counts: TopologyCounts;
  /** Pods that a domain may have for this one to fit as well. */
  readonly most: number;
}

function limitOf(
  constraint: SpreadConstraint,
  all: readonly SpreadConstraint[],
  pod: PodView,
  { loads, namespaceLabels }: ClusterView,
): Limit {
  const { term, maxSkew, minDomains } = constraint;
  const { topologyKey } = term;
  const counts = new TopologyCounts();
  for (const load of loads) {
    if (all.some((it) => domainOf(load.node, it.term.topologyKey) === undefined)) continue;
    if (!isCounted(constraint, load, pod)) continue;
    const matching = load.pods.filter((it) => !it.isEnding && matchesPod(term, it, namespaceLabels));
    counts.add(load.node, topologyKey, matching.length);
  }
  const domains = counts.all(topologyKey);
  const fewest = domains.length < minDomains ? 0 : Math.min(...domains);
  const itself = matchesPod(term, pod, namespaceLabels) ? 1 : 0;
  return { topologyKey, counts, most: maxSkew + fewest - itself };
}

/** Whether a node's domain counts for a constraint of this Pod. */
function isCounted({ honorsAffinity, honorsTaints }: SpreadConstraint, { node }: NodeLoad, pod: PodView): boolean {
  if (honorsAffinity && !meetsDemand(node, pod.demand)) return false;
  return !honorsTaints || !keepsAway(node, pod.tolerations);
}
