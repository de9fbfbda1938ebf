import { isJsonObject, type JsonObject } from "../../../kinds.ts";
import { memberAt, objectsAt } from "../../../printing/member-at.ts";
import { quantityOf } from "../quantity.ts";

const counted = ["cpu", "memory"] as const;

/** The class of quality of service, by the containers' requests and limits of CPU and memory. */
export function qualityOf(spec: JsonObject): "Guaranteed" | "Burstable" | "BestEffort" {
  const containers = [...objectsAt(spec, "containers"), ...objectsAt(spec, "initContainers")];
  const amounts = (container: JsonObject, kind: string) => {
    const given = memberAt(container, "resources", kind);
    return counted.map((name) => (isJsonObject(given) ? (quantityOf(given[name]) ?? 0) : 0));
  };
  const all = containers.map((container) => [amounts(container, "requests"), amounts(container, "limits")] as const);
  if (all.every(([requests, limits]) => [...requests, ...limits].every((amount) => amount === 0))) return "BestEffort";
  const isGuaranteed = all.every(([requests, limits]) =>
    limits.every((limit, i) => limit > 0 && limit === requests[i]),
  );
  return isGuaranteed ? "Guaranteed" : "Burstable";
}
