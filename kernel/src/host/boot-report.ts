import type { PlannedPlugin } from "./boot-plan.ts";
import type { PluginState } from "./running-plugin.ts";

export type NodeState = "booting" | "running" | "degraded" | "stopping" | "stopped" | "failed";

/** What a node is made of and how its boot went. `skerry inspect -o json` prints it. */
export interface BootReport {
  readonly node: string;
  readonly profile: string;
  readonly version: string;
  readonly state: NodeState;
  /** From the first plugin's code to the last plugin's start. */
  readonly bootMs: number | undefined;
  /** In start order. */
  readonly plugins: readonly PluginReport[];
}

export interface PluginReport {
  readonly id: string;
  readonly summary: string;
  readonly state: PluginState;
  readonly essential: boolean;
  readonly provides: readonly string[];
  readonly requires: readonly string[];
  readonly contributes: readonly string[];
  readonly capabilities: readonly string[];
  readonly startMs: number | undefined;
  readonly error: { readonly code: string; readonly message: string; readonly advice?: string } | undefined;
}

/** What can be said of plugins before any of their code runs. */
export function plannedReport(plan: readonly PlannedPlugin[]): readonly PluginReport[] {
  return plan.map(({ manifest }) => {
    const { id, summary, provides = [], requires = [], contributes = [], capabilities = [] } = manifest;
    const described = { id, summary, provides, requires, contributes, capabilities };
    const essential = manifest.essential !== false;
    return { ...described, essential, state: "planned", startMs: undefined, error: undefined };
  });
}

/** The report as a tree for people: each plugin with its state, time, and what it gives and takes. */
export function formatBootReport(report: BootReport): string {
  const boot = report.bootMs === undefined ? "" : `, booted in ${report.bootMs.toFixed(0)} ms`;
  const lines = [`${report.profile} ${report.node}: ${report.state}${boot} (skerry ${report.version})`];
  for (const [index, plugin] of report.plugins.entries()) {
    const last = index === report.plugins.length - 1;
    const time = plugin.startMs === undefined ? "" : ` ${plugin.startMs.toFixed(1)} ms`;
    const optional = plugin.essential ? "" : ", not essential";
    lines.push(`${last ? "└─" : "├─"} ${plugin.id}: ${plugin.state}${time}${optional}`);
    const indent = last ? "   " : "│  ";
    lines.push(`${indent}   ${plugin.summary}`);
    if (plugin.error) {
      const { message, code, advice } = plugin.error;
      lines.push(`${indent}   ! ${message} [${code}]`);
      if (advice !== undefined) lines.push(`${indent}     ${advice}`);
    }
    for (const field of ["provides", "contributes", "requires", "capabilities"] as const) {
      const shown = plugin[field].filter((id) => !id.startsWith("kernel.") || field === "contributes");
      if (shown.length > 0) lines.push(`${indent}   ${field} ${shown.join(", ")}`);
    }
  }
  return `${lines.join("\n")}\n`;
}
