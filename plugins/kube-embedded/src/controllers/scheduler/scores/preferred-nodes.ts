import { matchesTerm } from "../node-selector.ts";
import type { Scorer } from "./score.ts";

/** The node that matches most of the preferred node affinity, by weight. */
export const preferredNodes: Scorer = (pod) => {
  const terms = pod.preferredNodes;
  if (terms.length === 0) return undefined;
  return {
    weight: 2,
    isGood: true,
    from: "zero",
    of: ({ node }) => terms.reduce((sum, { term, weight }) => sum + (matchesTerm(node, term) ? weight : 0), 0),
  };
};
