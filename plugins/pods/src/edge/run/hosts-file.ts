import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Mount } from "@skerry/contracts";
import { hostnameOf } from "../containers/sandbox-config.ts";
import type { Pod, PodContainer } from "../pod/pod.ts";
import type { PodFolders } from "../volumes/pod-folders.ts";

const path = "/etc/hosts";
const fixed = [
  ["127.0.0.1", "localhost"],
  ["::1", "localhost", "ip6-localhost", "ip6-loopback"],
  ["fe00::0", "ip6-localnet"],
  ["fe00::0", "ip6-mcastprefix"],
  ["fe00::1", "ip6-allnodes"],
  ["fe00::2", "ip6-allrouters"],
];

/**
 * Writes the `/etc/hosts` of a Pod, and says where it is mounted. None where the container mounts one itself, or where
 * there are no addresses to write down.
 */
export async function hostsFileOf(
  pod: Pod,
  { volumeMounts = [] }: PodContainer,
  podIps: readonly string[],
  folders: PodFolders,
): Promise<readonly Mount[]> {
  const isOwn = volumeMounts.some(({ mountPath }) => mountPath === path);
  if (isOwn || (podIps.length === 0 && pod.spec.hostNetwork !== true)) return [];
  const ofNode = pod.spec.hostNetwork === true ? await readFile(path, "utf8").catch(() => "") : undefined;
  await mkdir(dirname(folders.hosts), { recursive: true });
  await writeFile(folders.hosts, hostsText(pod, podIps, ofNode));
  return [{ containerPath: path, hostPath: folders.hosts, readOnly: false }];
}

/** @param ofNode the node's own file, for a Pod on the node's network */
export function hostsText(pod: Pod, podIps: readonly string[], ofNode: string | undefined): string {
  const { hostAliases = [] } = pod.spec;
  const own = podIps.map((ip) => [ip, hostnameOf(pod)]);
  const begin =
    ofNode === undefined
      ? `# Kubernetes-managed hosts file.\n${lines([...fixed, ...own])}`
      : `# Kubernetes-managed hosts file (host network).\n${ofNode}`;
  if (hostAliases.length === 0) return begin;
  const aliases = hostAliases.map(({ ip, hostnames = [] }) => [ip, ...hostnames]);
  return `${begin}\n# Entries added by HostAliases.\n${lines(aliases)}`;
}

function lines(entries: readonly (readonly string[])[]): string {
  return entries.map((entry) => `${entry.join("\t")}\n`).join("");
}
