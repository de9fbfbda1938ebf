import { isTolerated } from "../toleration.ts";
import type { Scorer } from "./score.ts";

/** The node that has fewest taints `PreferNoSchedule` that the Pod does not tolerate. */
export const avoidedTaints: Scorer = ({ tolerations }) => ({
  weight: 3,
  isGood: false,
  from: "zero",
  of: ({ node }) =>
    node.taints.filter((taint) => taint.effect === "PreferNoSchedule" && !isTolerated(taint, tolerations)).length,
});
