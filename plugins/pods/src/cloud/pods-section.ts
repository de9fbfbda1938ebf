import { KubeApi, type KubeObject, type StatusReport, type StatusSection } from "@skerry/contracts";
import { inject } from "@skerry/plugin";
import { textAt } from "../shared/member.ts";
import { edgeLabel, nodeResource, podResource } from "../shared/pod-resources.ts";
import { wasmRuntimeClass } from "./runtime-class.ts";

const phases = ["Running", "Pending", "Succeeded", "Failed", "Unknown"] as const;
type Phase = (typeof phases)[number];

/** In place of a node's name, for Pods that wait for one. */
const nowhere = "(no node)";

/** How many Pods the edge nodes have, and what they are doing, in `skerry status`. */
export class PodsSection implements StatusSection {
  readonly name = "pods";

  constructor(@inject(KubeApi) private readonly kube: KubeApi) {}

  async collect(): Promise<StatusReport> {
    const [nodes, pods] = await Promise.all([
      this.kube.list(nodeResource, { labelSelector: `${edgeLabel}=true` }),
      this.kube.list(podResource),
    ]);
    const edges = new Set(nodes.map(({ metadata }) => metadata.name));
    const counts = new Map<string, Map<Phase, number>>([...edges].sort().map((node) => [node, new Map()]));
    for (const pod of pods) {
      const place = placeOf(pod, edges);
      if (place === undefined) continue;
      const row = counts.get(place) ?? new Map<Phase, number>();
      counts.set(place, row.set(phaseOf(pod), (row.get(phaseOf(pod)) ?? 0) + 1));
    }
    const rows = [...counts].map(([node, row]) => ({ node, pods: total(row), ...countsOf(row) }));
    const width = Math.max(0, ...rows.map(({ node }) => node.length));
    return {
      data: rows,
      lines: [...counts].map(([node, row]) => `${node.padEnd(width)}  ${describe(row)}`),
    };
  }
}

/** The edge node of a Pod; a Pod of another kind of node does not count. */
function placeOf({ spec }: KubeObject, edges: ReadonlySet<string>): string | undefined {
  const node = textAt(spec, "nodeName");
  if (node !== undefined) return edges.has(node) ? node : undefined;
  return textAt(spec, "runtimeClassName") === wasmRuntimeClass.metadata.name ? nowhere : undefined;
}

function phaseOf({ status }: KubeObject): Phase {
  return phases.find((phase) => phase === textAt(status, "phase")) ?? "Pending";
}

function total(row: ReadonlyMap<Phase, number>): number {
  return [...row.values()].reduce((sum, count) => sum + count, 0);
}

function countsOf(row: ReadonlyMap<Phase, number>): Readonly<Record<string, number>> {
  return Object.fromEntries(phases.map((phase) => [phase.toLowerCase(), row.get(phase) ?? 0]));
}

function describe(row: ReadonlyMap<Phase, number>): string {
  const parts = phases.filter((phase) => row.has(phase)).map((phase) => `${row.get(phase)} ${phase.toLowerCase()}`);
  const count = total(row);
  if (count === 0) return "no Pods";
  return `${count} ${count === 1 ? "Pod" : "Pods"}: ${parts.join(", ")}`;
}
