import type {
  Container,
  ContainerConfig,
  ContainerResources,
  ContainerSecurity,
  SandboxConfig,
} from "@skerry/contracts";
import type { Message } from "../cri/messages.ts";
import { kept, keptConfig, ownLabel } from "./kept-config.ts";
import { namespaceOptions } from "./sandbox-message.ts";
import { milliseconds } from "./times.ts";

/** `ContainerConfig` */
export function containerMessage(config: ContainerConfig, sandbox: SandboxConfig): Message {
  const { name, attempt, imageId, command, args, workingDirectory, env, mounts, resources, logPath, labels } = config;
  return {
    metadata: { name, attempt },
    image: { image: imageId },
    command,
    args,
    workingDir: workingDirectory ?? "",
    envs: env.map((variable) => ({ key: variable.name, value: variable.value })),
    mounts: mounts.map(({ containerPath, hostPath, readOnly }) => ({ containerPath, hostPath, readonly: readOnly })),
    labels: { ...labels, [ownLabel]: "true" },
    annotations: kept(config),
    logPath,
    linux: {
      resources: resourcesMessage(resources),
      securityContext: securityMessage(config.security, sandbox),
    },
  };
}

const seccompTypes = { RuntimeDefault: 0, Unconfined: 1 } as const;

/** `LinuxContainerSecurityContext` */
function securityMessage(security: ContainerSecurity | undefined, sandbox: SandboxConfig): Message {
  const { user, group, supplementalGroups = [], capabilities, seccomp = "RuntimeDefault" } = security ?? {};
  return {
    // In the container as well, else it would have the processes of the sandbox.
    namespaceOptions: namespaceOptions(sandbox),
    privileged: security?.privileged ?? false,
    ...(user === undefined ? {} : { runAsUser: { value: user } }),
    ...(group === undefined ? {} : { runAsGroup: { value: group } }),
    supplementalGroups,
    readonlyRootfs: security?.readOnlyRoot ?? false,
    noNewPrivs: security?.noNewPrivileges ?? false,
    capabilities: { addCapabilities: capabilities?.add ?? [], dropCapabilities: capabilities?.drop ?? [] },
    seccomp: { profileType: seccompTypes[seccomp] },
    maskedPaths,
    readonlyPaths,
  };
}

/** What the kubelet hides of the machine when a Pod says nothing of `procMount`: a runtime hides nothing by itself. */
const maskedPaths = [
  ...["asound", "acpi", "kcore", "keys", "latency_stats", "timer_list", "timer_stats", "sched_debug", "scsi"].map(
    (name) => `/proc/${name}`,
  ),
  "/sys/firmware",
  "/sys/devices/virtual/powercap",
];
const readonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

/** Microseconds, as the kubelet has it. */
const cpuPeriod = 100_000;
const smallestQuota = 1_000;
const smallestShares = 2;

/** `LinuxContainerResources`; as the kubelet translates requests and limits for cgroups. */
export function resourcesMessage(resources: ContainerResources): Message {
  const { memoryLimitBytes, cpuLimitMillis, cpuRequestMillis, oomScoreAdj = 0 } = resources;
  const requested = cpuRequestMillis ?? cpuLimitMillis ?? 0;
  return {
    oomScoreAdj,
    cpuShares: Math.max(Math.floor((requested * 1024) / 1000), smallestShares),
    ...(cpuLimitMillis === undefined
      ? {}
      : { cpuPeriod, cpuQuota: Math.max(Math.floor((cpuLimitMillis * cpuPeriod) / 1000), smallestQuota) }),
    ...(memoryLimitBytes === undefined ? {} : { memoryLimitInBytes: memoryLimitBytes }),
  };
}

/**
 * @param listed a `Container` of a list
 * @param status its `ContainerStatus`
 * @returns `undefined` when it is not ours
 */
export function containerOf(listed: Message, status: Message): Container | undefined {
  const config = keptConfig<ContainerConfig>(listed["annotations"]);
  if (config === undefined) return undefined;
  const state = stateOf(status["state"]);
  const [startedAt, finishedAt] = [milliseconds(status["startedAt"]), milliseconds(status["finishedAt"])];
  return {
    id: String(listed["id"]),
    sandbox: String(listed["podSandboxId"]),
    config,
    state,
    createdAt: milliseconds(listed["createdAt"]) ?? 0,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(state === "exited" ? exitOf(status, finishedAt) : {}),
  };
}

function stateOf(state: unknown): Container["state"] {
  switch (state) {
    case "CONTAINER_CREATED":
      return "created";
    case "CONTAINER_RUNNING":
      return "running";
    default:
      return "exited";
  }
}

function exitOf(status: Message, finishedAt: number | undefined) {
  const [code, reason, message] = [Number(status["exitCode"]), String(status["reason"]), String(status["message"])];
  return {
    ...(finishedAt === undefined ? {} : { finishedAt }),
    exitCode: code,
    reason: reasonOf(status["state"], reason, code),
    ...(message === "" ? {} : { message }),
  };
}

function reasonOf(state: unknown, reason: string, code: number): string {
  if (state === "CONTAINER_UNKNOWN") return "Unknown";
  // containerd's word for a container that it could not make run.
  if (reason === "StartError" || reason === "OOMKilled" || reason === "Unknown") return reason;
  return code === 0 ? "Completed" : "Error";
}
