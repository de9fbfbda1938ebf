import type { StatusReport, StatusSection } from "@skerry/contracts";
import { inject } from "@skerry/plugin";
import { type EdgePods, EdgePodsToken } from "./edge-pods.ts";

/** The Pods of this node in `skerry status`. */
export class WorkloadsSection implements StatusSection {
  readonly name = "workloads";

  constructor(@inject(EdgePodsToken) private readonly pods: EdgePods) {}

  async collect(): Promise<StatusReport> {
    const rows = this.pods.summary();
    const width = Math.max(0, ...rows.map(({ pod }) => pod.length));
    return {
      data: rows.map((row) => ({ ...row })),
      lines: rows.map(
        ({ pod, phase, ready, restarts }) => `${pod.padEnd(width)}  ${phase}, ready ${ready}, restarts ${restarts}`,
      ),
    };
  }
}
