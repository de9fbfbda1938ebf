import { SkerryError } from "@skerry/plugin";
import { type BootReport, formatBootReport, kernelSurroundings, planBoot } from "../../host/index.ts";
import { outputFormat, parseOptions } from "../arguments.ts";
import type { Bundles } from "../bundles.ts";
import { Home } from "../home.ts";
import { readNodeOptions } from "../node/node-options.ts";
import { pluginEntries } from "../node/plugin-entries.ts";
import { runningNodes } from "../running-nodes.ts";
import { version } from "../version.ts";

const profiles = ["cloud", "edge"];

/**
 * `skerry inspect [cloud|edge] [--home DIR] [-o json]`: the boot report of each running node; for a
 * profile that does not run, the plan of its boot, without running any of its code.
 */
export async function inspect(
  argv: readonly string[],
  bundles: Bundles,
  write: (text: string) => void,
): Promise<number> {
  const { values, positionals } = parseOptions(argv, {
    home: { type: "string" },
    output: { type: "string", short: "o" },
  });
  const format = outputFormat(values.output);
  const home = new Home(values.home);
  const running = await runningNodes(home, positionals);
  const reports: BootReport[] = await Promise.all(running.map(({ client }) => client.inspect()));
  const asked = positionals.length > 0 ? positionals : reports.length > 0 ? [] : profiles;
  for (const profile of asked) {
    if (!running.some((node) => node.profile === profile)) reports.push(await plannedReport(profile, home, bundles));
  }
  if (format === "json") write(`${JSON.stringify(reports.length === 1 ? reports[0] : reports, undefined, 2)}\n`);
  else write(reports.map(formatBootReport).join("\n"));
  return 0;
}

async function plannedReport(profile: string, home: Home, bundles: Bundles): Promise<BootReport> {
  const { bundle } = bundles.profile(profile);
  const options = await readNodeOptions(bundle, ["--home", home.path]);
  const plan = planBoot(pluginEntries(bundle, options, process.env), kernelSurroundings);
  if (plan.problems.length > 0) throw summary(plan.problems);
  const plugins = plan.plugins.map(({ manifest }) => ({
    id: manifest.id,
    summary: manifest.summary,
    state: "planned" as const,
    essential: manifest.essential !== false,
    provides: manifest.provides ?? [],
    requires: manifest.requires ?? [],
    contributes: manifest.contributes ?? [],
    capabilities: manifest.capabilities ?? [],
    startMs: undefined,
    error: undefined,
  }));
  return { node: options.name, profile, version, state: "stopped", bootMs: undefined, plugins };
}

/** The first problem with the text of all: they are one refusal. */
function summary(problems: readonly SkerryError[]): Error {
  const [first] = problems;
  if (!first) return new Error("the boot was refused");
  const message = problems.map(({ message }) => message).join("\n  ");
  return new SkerryError(first.code, { family: first.family, message, advice: first.advice }, first.details);
}
