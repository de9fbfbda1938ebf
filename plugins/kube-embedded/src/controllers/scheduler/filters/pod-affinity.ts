import type { ClusterView } from "../cluster-view.ts";
import { matchesPod } from "../pod-term.ts";
import type { PodView } from "../pod-view.ts";
import { domainOf, TopologyCounts } from "../topology-counts.ts";
import { type Filter, fits, type NodeCheck } from "./filter.ts";

const notNear = ["node(s) didn't match pod affinity rules"];
const tooNear = ["node(s) didn't match pod anti-affinity rules"];
const unwanted = ["node(s) didn't satisfy existing pods anti-affinity rules"];

/** Required affinity and anti-affinity to Pods, and that of the Pods that are there. */
export const podAffinity: Filter = (pod, cluster) => {
  const isNear = nearCheck(pod, cluster);
  const isAway = awayCheck(pod, cluster);
  const isWelcome = welcomeCheck(pod, cluster);
  return (load) => {
    const near = isNear(load);
    if (near.length > 0) return near;
    const away = isAway(load);
    return away.length > 0 ? away : isWelcome(load);
  };
};

/** Pods must be there that match all terms. The first of a group that wants to be together has nobody to be near. */
function nearCheck(pod: PodView, cluster: ClusterView): NodeCheck {
  const { near } = pod;
  if (near.length === 0) return () => fits;
  const matchesAll = (other: PodView) => near.every((term) => matchesPod(term, other, cluster.namespaceLabels));
  const counts = new TopologyCounts();
  for (const { pod: other, load } of cluster.placed()) {
    if (!matchesAll(other)) continue;
    for (const { topologyKey } of near) counts.add(load.node, topologyKey);
  }
  const isFirst = counts.isEmpty && matchesAll(pod);
  return ({ node }) => {
    if (near.some(({ topologyKey }) => domainOf(node, topologyKey) === undefined)) return notNear;
    return isFirst || near.every(({ topologyKey }) => counts.at(node, topologyKey) > 0) ? fits : notNear;
  };
}

function awayCheck({ awayFrom }: PodView, cluster: ClusterView): NodeCheck {
  if (awayFrom.length === 0) return () => fits;
  const counts = new TopologyCounts();
  for (const { pod: other, load } of cluster.placed()) {
    for (const term of awayFrom) {
      if (matchesPod(term, other, cluster.namespaceLabels)) counts.add(load.node, term.topologyKey);
    }
  }
  return ({ node }) => (awayFrom.some(({ topologyKey }) => counts.at(node, topologyKey) > 0) ? tooNear : fits);
}

function welcomeCheck(pod: PodView, { exclusive, namespaceLabels }: ClusterView): NodeCheck {
  const counts = new TopologyCounts();
  const keys = new Set<string>();
  for (const { pod: other, load } of exclusive) {
    for (const term of other.awayFrom) {
      if (!matchesPod(term, pod, namespaceLabels)) continue;
      counts.add(load.node, term.topologyKey);
      keys.add(term.topologyKey);
    }
  }
  return ({ node }) => ([...keys].some((key) => counts.at(node, key) > 0) ? unwanted : fits);
}
