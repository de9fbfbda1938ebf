import { outputFormat, parseOptions } from "../arguments.ts";
import type { NodeStatus } from "../control/protocol.ts";
import { errors } from "../errors.ts";
import { Home } from "../home.ts";
import { runningNodes } from "../running-nodes.ts";

/** `skerry status [cloud|cloud-cluster|edge] [--home DIR] [-o json]` */
export async function status(argv: readonly string[], write: (text: string) => void): Promise<number> {
  const { values, positionals } = parseOptions(argv, {
    home: { type: "string" },
    output: { type: "string", short: "o" },
  });
  const format = outputFormat(values.output);
  const home = new Home(values.home);
  const nodes = await runningNodes(home, positionals);
  if (nodes.length === 0) throw errors.create("SKERRY_CLI_NOT_RUNNING", { home: home.path });
  const statuses = await Promise.all(nodes.map(({ client }) => client.status()));
  write(format === "json" ? `${JSON.stringify(asData(statuses), undefined, 2)}\n` : statuses.map(asText).join("\n"));
  return 0;
}

function asData(statuses: readonly NodeStatus[]) {
  return Object.fromEntries(
    statuses.map(({ node, profile, state, sections }) => [profile, { node, state, ...sections }]),
  );
}

function asText({ node, profile, state, lines }: NodeStatus): string {
  const sections = Object.entries(lines).map(([name, texts]) => {
    const label = `  ${name}`.padEnd(16);
    return texts.map((text, index) => `${index === 0 ? label : " ".repeat(16)}${text}\n`).join("");
  });
  return `${profile} ${node}: ${state}\n${sections.join("")}`;
}
