import { expect, it } from "vitest";
import { oomScoreAdjOf, qualityOf } from "../../src/edge/containers/quality-of-service.ts";
import type { Pod } from "../../src/edge/pod/pod.ts";
import { container, podObject } from "./edge-world.ts";

const full = { cpu: "1", memory: "1Gi" };

it.each([
  [[{}], "BestEffort", 1000],
  [[{ limits: full }], "Guaranteed", -997],
  [[{ limits: full, requests: { cpu: "1000m", memory: "1024Mi" } }], "Guaranteed", -997],
  [[{ requests: { memory: "2Gi" } }], "Burstable", 500],
  [[{ requests: { memory: "4Gi" } }], "Burstable", 3],
  [[{ requests: { cpu: "1" } }], "Burstable", 999],
  [[{ limits: { memory: "1Gi" } }], "Burstable", 750],
  [[{ limits: full }, {}], "Burstable", 750],
])("a Pod that asks for %j is %s, and its first container's score is %d", (resources, quality, score) => {
  const containers = resources.map((one, index) => container({ name: `c${index}`, resources: one }));
  const pod = podObject({ containers }) as Pod;
  const [first] = pod.spec.containers;
  expect([qualityOf(pod), first && oomScoreAdjOf(pod, first, 4 * 2 ** 30)]).toEqual([quality, score]);
});
