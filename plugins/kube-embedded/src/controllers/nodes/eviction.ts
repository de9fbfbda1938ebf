import type { ApiObject } from "../../registry/api-object.ts";
import type { Taint } from "../scheduler/node-view.ts";
import { tolerates, tolerationsOf } from "../scheduler/toleration.ts";

/** For how many milliseconds a Pod tolerates taints that evict; absent when it does for ever. */
export function toleratedMs(pod: ApiObject, taints: readonly Taint[]): number | undefined {
  const tolerations = tolerationsOf(pod);
  let shortest: number | undefined;
  for (const taint of taints) {
    const toleration = tolerations.find((it) => tolerates(it, taint));
    if (toleration === undefined) return 0;
    if (toleration.seconds === undefined) continue;
    shortest = Math.min(shortest ?? Number.POSITIVE_INFINITY, Math.max(0, toleration.seconds) * 1000);
  }
  return shortest;
}
