import { join } from "node:path";
import type { ContainerConfig, Mount } from "@skerry/contracts";
import { environmentOf, expand } from "./environment.ts";
import type { PodObjects } from "./objects.ts";
import type { Pod, PodContainer } from "./pod.ts";
import type { PodFolders } from "./pod-folders.ts";
import { amountOf } from "./quantity.ts";

export interface ConfigParts {
  readonly pod: Pod;
  readonly container: PodContainer;
  readonly attempt: number;
  readonly imageId: string;
  readonly objects: PodObjects;
  readonly folders: PodFolders;
  readonly hostIp: string;
}

/** What the runtime is asked to make; throws `Waiting` for variables that cannot be had. */
export function containerConfig(parts: ConfigParts): ContainerConfig {
  const { pod, container, attempt, imageId, objects, folders, hostIp } = parts;
  const env = environmentOf(pod, container, objects, { hostIp });
  const values = new Map(env.map(({ name, value }) => [name, value]));
  const { memory, cpu } = container.resources?.limits ?? {};
  const requested = container.resources?.requests?.["cpu"];
  return {
    name: container.name,
    attempt,
    image: container.image ?? "",
    imageId,
    command: (container.command ?? []).map((text) => expand(text, values)),
    args: (container.args ?? []).map((text) => expand(text, values)),
    ...(container.workingDir === undefined ? {} : { workingDirectory: container.workingDir }),
    env,
    mounts: (container.volumeMounts ?? []).map((mount): Mount => {
      const volume = pod.spec.volumes?.find(({ name }) => name === mount.name);
      return {
        containerPath: mount.mountPath,
        hostPath: join(folders.volume(mount.name), mount.subPath ?? ""),
        readOnly: (mount.readOnly ?? false) || volume?.emptyDir === undefined,
      };
    }),
    resources: {
      ...(memory === undefined ? {} : { memoryLimitBytes: Math.floor(amountOf(memory)) }),
      ...(cpu === undefined ? {} : { cpuLimitMillis: Math.ceil(amountOf(cpu) * 1000) }),
      ...(requested === undefined ? {} : { cpuRequestMillis: Math.ceil(amountOf(requested) * 1000) }),
    },
    logPath: `${container.name}/${attempt}.log`,
    labels: {},
    annotations: {},
  };
}
