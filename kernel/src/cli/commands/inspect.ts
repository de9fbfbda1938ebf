import { type BootReport, formatBootReport } from "../../host/boot-report.ts";
import { outputFormat, parseOptions } from "../arguments.ts";
import type { Bundles } from "../bundles.ts";
import { Home } from "../home.ts";
import { runningNodes } from "../running-nodes.ts";

const profiles = ["cloud", "edge"];

/**
 * `skerry inspect [cloud|cloud-cluster|edge] [--home DIR] [-o json]`: the boot report of each running node; for a
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
    if (!running.some((node) => node.profile === profile)) reports.push(await bundles.profile(profile).plan(home.path));
  }
  if (format === "json") write(`${JSON.stringify(reports.length === 1 ? reports[0] : reports, undefined, 2)}\n`);
  else write(reports.map(formatBootReport).join("\n"));
  return 0;
}
