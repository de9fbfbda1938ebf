import type { SandboxConfig } from "@skerry/contracts";
import type { Pod } from "../pod/pod.ts";

const longestHostname = 63;

/** What of a sandbox follows from the Pod's specification. */
export function sandboxOf(pod: Pod): Pick<SandboxConfig, "hostname" | "namespaces" | "isPrivileged"> {
  const { hostNetwork, hostPID, hostIPC, shareProcessNamespace, containers, initContainers = [] } = pod.spec;
  return {
    hostname: hostNetwork === true ? "" : hostnameOf(pod),
    namespaces: {
      network: hostNetwork === true ? "node" : "pod",
      pid: hostPID === true ? "node" : shareProcessNamespace === true ? "pod" : "container",
      ipc: hostIPC === true ? "node" : "pod",
    },
    isPrivileged: [...initContainers, ...containers].some(
      ({ securityContext }) => securityContext?.privileged === true,
    ),
  };
}

/** As the kubelet cuts it. */
export function hostnameOf({ metadata: { name }, spec: { hostname } }: Pod): string {
  return (hostname || name).slice(0, longestHostname).replace(/[-.]+$/, "");
}
