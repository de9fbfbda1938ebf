import { Home } from "../home.ts";
import { joinUsage } from "../join/join-usage.ts";
import { nodeUsage } from "../node/node-usage.ts";
import { runningNodes } from "../running-nodes.ts";

const own = [
  ["up [--home DIR] [--address HOST]", "runs everything here: a cloud kernel, an edge node and a simulated meter"],
  [`cloud ${nodeUsage}`, "runs a cloud kernel, which serves a Kubernetes API of its own"],
  [`cloud-cluster ${nodeUsage}`, "runs one of several cloud kernels of a cluster, which a kubeconfig names"],
  [`edge ${nodeUsage}`, "runs an edge node, with or without the cloud"],
  [`join ${joinUsage}`, "makes this machine an edge node of that cloud, by one of its tokens"],
  ["demo-meter [--home DIR]", "the simulated meter of `skerry up` alone, for an edge node without it"],
  ["status [cloud|cloud-cluster|edge] [--home DIR] [-o json]", "how the running nodes are"],
  [
    "inspect [cloud|cloud-cluster|edge] [--home DIR] [-o json]",
    "the plugins of a running node, or the plan of its boot",
  ],
  ["version", "the version"],
  ["help", "this text, and the commands of the running nodes"],
] as const;

/** `skerry help` */
export async function help(write: (text: string) => void): Promise<number> {
  write("Skerry extends Kubernetes to the edge.\n\n");
  for (const [usage, summary] of own) write(`  skerry ${usage}\n      ${summary}\n`);
  for (const { profile, client } of await runningNodes(new Home())) {
    const commands = await client.commands();
    if (commands.length > 0) write(`\nOf the ${profile} node that runs in ${new Home().path}:\n\n`);
    for (const { usage, summary } of commands) write(`  ${usage}\n      ${summary}\n`);
  }
  return 0;
}
