export { avoidedTaints } from "./avoided-taints.ts";
export { evenness } from "./evenness.ts";
export { leastAllocated } from "./least-allocated.ts";
export { preferredNodes } from "./preferred-nodes.ts";
export { preferredPods } from "./preferred-pods.ts";
export { type Score, type Scorer, scaled } from "./score.ts";
