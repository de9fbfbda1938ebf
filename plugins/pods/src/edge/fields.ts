import type { Pod } from "./pod.ts";

/** The value of a downward API field (`metadata.labels['x']`, `spec.nodeName`, …); `undefined` for one that is unknown. */
export function fieldOf(pod: Pod, path: string, node: { readonly hostIp: string }): string | undefined {
  const { metadata, spec } = pod;
  const [, map, key = ""] = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path) ?? [];
  if (map === "labels") return metadata.labels?.[key] ?? "";
  if (map === "annotations") return metadata.annotations?.[key] ?? "";
  switch (path) {
    case "metadata.name":
      return metadata.name;
    case "metadata.namespace":
      return metadata.namespace ?? "default";
    case "metadata.uid":
      return metadata.uid ?? "";
    case "metadata.labels":
      return lines(metadata.labels);
    case "metadata.annotations":
      return lines(metadata.annotations);
    case "spec.nodeName":
      return spec.nodeName ?? "";
    case "spec.serviceAccountName":
      return spec.serviceAccountName ?? "default";
    case "status.hostIP":
      return node.hostIp;
    case "status.podIP":
      return "";
    default:
      return undefined;
  }
}

function lines(map: Readonly<Record<string, string>> = {}): string {
  return Object.entries(map)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join("\n");
}
