import type { Container, Sandbox, WorkloadRuntime } from "@skerry/contracts";
import type { NodeContext } from "./pod-context.ts";

/** What the node's runtimes have of one Pod. */
export interface Observation {
  /** The runtime that has it; absent: none has. */
  readonly runtime: WorkloadRuntime | undefined;
  readonly sandboxes: readonly Sandbox[];
  readonly containers: readonly Container[];
}

/** A Pod is in one runtime; should another have something of it as well, that comes when the first has nothing more. */
export async function observe({ runtimes }: Pick<NodeContext, "runtimes">, uid: string): Promise<Observation> {
  for (const runtime of runtimes()) {
    const sandboxes = (await runtime.sandboxes()).filter(({ config }) => config.pod.uid === uid);
    if (sandboxes.length === 0) continue;
    const ids = new Set(sandboxes.map(({ id }) => id));
    const containers = (await runtime.containers()).filter(({ sandbox }) => ids.has(sandbox));
    return { runtime, sandboxes, containers };
  }
  return { runtime: undefined, sandboxes: [], containers: [] };
}
