import type { Sandbox, SandboxConfig } from "@skerry/contracts";
import type { Message } from "../cri/messages.ts";
import { kept, keptConfig, ownLabel } from "./kept-config.ts";
import { milliseconds } from "./times.ts";

/** `PodSandboxConfig` */
export function sandboxMessage(config: SandboxConfig, cgroupParent: string): Message {
  const { pod, attempt, hostname, logDirectory, labels } = config;
  return {
    metadata: { name: pod.name, namespace: pod.namespace, uid: pod.uid, attempt },
    hostname,
    logDirectory,
    labels: { ...labels, [ownLabel]: "true" },
    annotations: kept(config),
    linux: { cgroupParent: `${cgroupParent}/pod${pod.uid}`, securityContext: securityContext(config) },
  };
}

const modes = { pod: "POD", container: "CONTAINER", node: "NODE" } as const;

/** Of a sandbox and of each of its containers. */
export function namespaceOptions({ namespaces }: SandboxConfig): Message {
  const { network, pid, ipc } = namespaces ?? { network: "pod", pid: "container", ipc: "pod" };
  return { network: modes[network], pid: modes[pid], ipc: modes[ipc] };
}

function securityContext(config: SandboxConfig): Message {
  const { isPrivileged = false } = config;
  return {
    namespaceOptions: namespaceOptions(config),
    privileged: isPrivileged,
    ...(isPrivileged ? {} : { seccomp: { profileType: runtimeDefault } }),
  };
}

/** `SecurityProfile.ProfileType.RuntimeDefault` */
const runtimeDefault = 0;

/** Of a `PodSandbox` of a list. `undefined`: it is not ours. */
export function sandboxOf(listed: Message, ips: readonly string[]): Sandbox | undefined {
  const config = keptConfig<SandboxConfig>(listed["annotations"]);
  if (config === undefined) return undefined;
  return {
    id: String(listed["id"]),
    config,
    state: listed["state"] === "SANDBOX_READY" ? "ready" : "notReady",
    createdAt: milliseconds(listed["createdAt"]) ?? 0,
    ips,
  };
}

/** Addresses in a `PodSandboxStatus`. */
export function addressesOf(status: Message | undefined): readonly string[] {
  const network = status?.["network"] as { ip?: string; additionalIps?: readonly { ip?: string }[] } | null | undefined;
  const all = [network?.ip, ...(network?.additionalIps ?? []).map(({ ip }) => ip)];
  return all.filter((ip): ip is string => ip !== undefined && ip !== "");
}
