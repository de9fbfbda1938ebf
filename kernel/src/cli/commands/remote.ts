import { errors } from "../errors.ts";
import { Home } from "../home.ts";
import type { Output } from "../output.ts";
import { runningNodes } from "../running-nodes.ts";

/**
 * A command that a plugin of a running node contributes. `--home DIR` is taken out of the arguments,
 * wherever it stands; the rest is the command's.
 */
export async function remote(name: string, argv: readonly string[], output: Output): Promise<number> {
  const { path, rest } = takeHome(argv);
  const home = new Home(path);
  for (const { client } of await runningNodes(home)) {
    const commands = await client.commands();
    if (!commands.some((command) => command.name === name)) continue;
    return client.run(name, { arguments: rest, directory: process.cwd() }, (message) => {
      if ("out" in message) output.out(message.out);
      if ("err" in message) output.err(message.err);
    });
  }
  throw errors.create("SKERRY_CLI_UNKNOWN_COMMAND", { command: name });
}

function takeHome(argv: readonly string[]): { path: string | undefined; rest: readonly string[] } {
  const rest: string[] = [];
  let path: string | undefined;
  for (let index = 0; index < argv.length; index += 1) {
    const argument = argv[index] ?? "";
    if (argument === "--home") {
      index += 1;
      path = argv[index];
      if (path === undefined) throw errors.create("SKERRY_CLI_USAGE", { problem: "--home takes a folder" });
    } else if (argument.startsWith("--home=")) path = argument.slice("--home=".length);
    else rest.push(argument);
  }
  return { path, rest };
}
