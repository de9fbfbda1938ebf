import type { ContainerConfig, SandboxConfig } from "@skerry/contracts";

/** Marks what is ours, where others use the same runtime. */
export const ownLabel = "edge.skerry.dev/runtime";

/** Keeps what was asked for with the thing itself, so that nothing has to be remembered here: the runtime outlives us. */
const annotation = "edge.skerry.dev/config";

export function kept(config: SandboxConfig | ContainerConfig): Readonly<Record<string, string>> {
  return { ...config.annotations, [annotation]: JSON.stringify(config) };
}

/** `undefined`: it is not ours, or was spoiled. */
export function keptConfig<T extends SandboxConfig | ContainerConfig>(annotations: unknown): T | undefined {
  const text = (annotations as Readonly<Record<string, string>> | undefined)?.[annotation];
  try {
    return text === undefined ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}
