import type { ContainerConfig, Mount } from "@skerry/contracts";
import type { Pod, PodContainer } from "../pod/pod.ts";
import { amountOf } from "../pod/quantity.ts";
import { securityOf } from "./container-security.ts";
import { type Environment, expand } from "./environment.ts";
import { oomScoreAdjOf } from "./quality-of-service.ts";

export interface ConfigParts {
  readonly pod: Pod;
  readonly container: PodContainer;
  readonly attempt: number;
  readonly imageId: string;
  readonly variables: Environment["variables"];
  readonly mounts: readonly Mount[];
  /** Of the node. */
  readonly memoryBytes: number;
}

/** What the runtime is asked to make. */
export function containerConfig(parts: ConfigParts): ContainerConfig {
  const { pod, container, attempt, imageId, variables, mounts, memoryBytes } = parts;
  const values = new Map(variables.map(({ name, value }) => [name, value]));
  const { name, workingDir } = container;
  return {
    name,
    attempt,
    image: container.image ?? "",
    imageId,
    command: (container.command ?? []).map((text) => expand(text, values)),
    args: (container.args ?? []).map((text) => expand(text, values)),
    ...(workingDir === undefined || workingDir === "" ? {} : { workingDirectory: workingDir }),
    env: variables,
    mounts,
    resources: { ...resourcesOf(container), oomScoreAdj: oomScoreAdjOf(pod, container, memoryBytes) },
    security: securityOf(pod, container),
    logPath: `${name}/${attempt}.log`,
    labels: { ...podLabels(pod), "io.kubernetes.container.name": name },
    annotations: {},
  };
}

/** By which tools of the Container Runtime Interface tell whose something is. */
export function podLabels({ metadata: { namespace, name, uid } }: Pod): Readonly<Record<string, string>> {
  return {
    "io.kubernetes.pod.namespace": namespace,
    "io.kubernetes.pod.name": name,
    "io.kubernetes.pod.uid": uid,
  };
}

function resourcesOf({ resources: { limits, requests } = {} }: PodContainer): ContainerConfig["resources"] {
  const millis = (quantity: string | number) => Math.ceil(Number((amountOf(quantity) * 1000).toPrecision(15)));
  const memory = limits?.["memory"];
  const cpu = limits?.["cpu"];
  const requested = requests?.["cpu"] ?? cpu;
  return {
    ...(memory === undefined ? {} : { memoryLimitBytes: Math.floor(amountOf(memory)) }),
    ...(cpu === undefined ? {} : { cpuLimitMillis: millis(cpu) }),
    ...(requested === undefined ? {} : { cpuRequestMillis: millis(requested) }),
  };
}
