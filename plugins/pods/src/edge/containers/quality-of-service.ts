import type { Pod, PodContainer } from "../pod/pod.ts";
import { amountOf } from "../pod/quantity.ts";

type QualityOfService = "Guaranteed" | "Burstable" | "BestEffort";

const scores = { guaranteed: -997, bestEffort: 1000 } as const;
const counted = ["cpu", "memory"] as const;

/** By what all its containers ask for, as the API has it in `status.qosClass`. */
export function qualityOf({ spec: { initContainers = [], containers } }: Pod): QualityOfService {
  const all = [...initContainers, ...containers].flatMap(({ resources: { limits = {}, requests = {} } = {} }) =>
    counted.map((name) => {
      const limit = amountOf(limits[name] ?? 0);
      return { limit, request: amountOf(requests[name] ?? limits[name] ?? 0) };
    }),
  );
  if (all.every(({ limit, request }) => limit === 0 && request === 0)) return "BestEffort";
  return all.every(({ limit, request }) => limit > 0 && request === limit) ? "Guaranteed" : "Burstable";
}

/**
 * How soon the kernel kills it when the node has no memory left, by the kubelet's rule: the smaller its share of the node
 * is that it asked for, the sooner.
 */
export function oomScoreAdjOf(
  pod: Pod,
  { resources: { limits, requests } = {} }: PodContainer,
  memoryBytes: number,
): number {
  const quality = qualityOf(pod);
  if (quality === "Guaranteed") return scores.guaranteed;
  if (quality === "BestEffort") return scores.bestEffort;
  const request = amountOf(requests?.["memory"] ?? limits?.["memory"] ?? 0);
  const score = 1000 - Math.floor((1000 * request) / memoryBytes);
  // Never as safe as what is guaranteed, never as soon as what asked for nothing.
  return Math.min(Math.max(score, 1000 + scores.guaranteed), scores.bestEffort - 1);
}
