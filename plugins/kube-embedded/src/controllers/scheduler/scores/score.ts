import type { ClusterView, NodeLoad } from "../cluster-view.ts";
import type { PodView } from "../pod-view.ts";

/** How nodes that could take a Pod compare in one respect. */
export interface Score {
  /** Beside the other respects. */
  readonly weight: number;
  /** Whether more is better. */
  readonly isGood: boolean;
  /** What becomes 0 of 100: nothing, or the least value there is. The greatest always becomes 100. */
  readonly from: "zero" | "least";
  of(load: NodeLoad): number;
}

/** Absent where all nodes are equal in this respect. */
export type Scorer = (pod: PodView, cluster: ClusterView) => Score | undefined;

/** The values of some nodes on a scale from 0, bad, to 100, good. */
export function scaled(values: readonly number[], { isGood, from }: Pick<Score, "isGood" | "from">): readonly number[] {
  const most = Math.max(...values);
  const least = from === "zero" ? 0 : Math.min(...values);
  return values.map((value) => {
    const share = most > least ? (100 * (value - least)) / (most - least) : 0;
    return isGood ? share : 100 - share;
  });
}
