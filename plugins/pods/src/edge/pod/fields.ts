import type { FieldRef, Pod, PodContainer, ResourceFieldRef } from "./pod.ts";
import { amountOf } from "./quantity.ts";

/** What a Pod may be told of the node it is on. */
export interface Place {
  readonly hostIps: readonly string[];
  readonly podIps: readonly string[];
  /** Takes the place of limits that a container does not set. */
  readonly cpus: number;
  readonly memoryBytes: number;
}

/** The value of a downward API field (`metadata.labels['x']`, `spec.nodeName`, …); `undefined` for one that is unknown. */
export function fieldOf(pod: Pod, { fieldPath }: FieldRef, { hostIps, podIps }: Place): string | undefined {
  const { metadata, spec } = pod;
  const [, map, key = ""] = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(fieldPath) ?? [];
  if (map === "labels") return metadata.labels?.[key] ?? "";
  if (map === "annotations") return metadata.annotations?.[key] ?? "";
  switch (fieldPath) {
    case "metadata.name":
      return metadata.name;
    case "metadata.namespace":
      return metadata.namespace;
    case "metadata.uid":
      return metadata.uid;
    case "metadata.labels":
      return lines(metadata.labels);
    case "metadata.annotations":
      return lines(metadata.annotations);
    case "spec.nodeName":
      return spec.nodeName ?? "";
    case "spec.serviceAccountName":
      return spec.serviceAccountName ?? "";
    case "status.hostIP":
      return hostIps[0] ?? "";
    case "status.hostIPs":
      return hostIps.join(",");
    case "status.podIP":
      return podIps[0] ?? "";
    case "status.podIPs":
      return podIps.join(",");
    default:
      return undefined;
  }
}

/** The value of `limits.memory`, `requests.cpu`, … of a container, in units of the divisor, rounded up. */
export function resourceOf(
  pod: Pod,
  own: PodContainer | undefined,
  ref: ResourceFieldRef,
  place: Place,
): string | undefined {
  const { resource, containerName, divisor = "1" } = ref;
  const all = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  const container =
    containerName === undefined || containerName === "" ? own : all.find(({ name }) => name === containerName);
  const [, side, name = ""] = /^(limits|requests)\.(.+)$/.exec(resource) ?? [];
  if (container === undefined || (side !== "limits" && side !== "requests")) return undefined;
  const { limits, requests } = container.resources ?? {};
  const capacity: Readonly<Record<string, number>> = { cpu: place.cpus, memory: place.memoryBytes };
  const set = side === "limits" ? limits?.[name] : (requests?.[name] ?? limits?.[name]);
  const amount = set !== undefined ? amountOf(set) : side === "limits" ? (capacity[name] ?? 0) : 0;
  const unit = amountOf(divisor);
  return String(Math.ceil(Number((amount / (unit > 0 ? unit : 1)).toPrecision(15))));
}

function lines(map: Readonly<Record<string, string>> = {}): string {
  return Object.entries(map)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join("\n");
}
