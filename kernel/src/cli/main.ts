import { errorCode } from "@skerry/plugin";
import { Bundles } from "./bundles.ts";
import { help } from "./commands/help.ts";
import { inspect } from "./commands/inspect.ts";
import { remote } from "./commands/remote.ts";
import { status } from "./commands/status.ts";
import { errors } from "./errors.ts";
import { explain } from "./explain.ts";
import { processOutput } from "./output.ts";
import { version } from "./version.ts";

const bundles = new Bundles(__dirname);

async function run(command: string, argv: readonly string[]): Promise<number> {
  switch (command) {
    case "up":
      return bundles.supervisor().up(argv);
    case "demo-meter":
      return bundles.supervisor().demoMeter(argv);
    case "cloud":
    case "cloud-cluster":
    case "edge":
      return bundles.profile(command).main(argv);
    case "join":
      return bundles.joiner().join(argv, bundles.profile("join"));
    case "status":
      return status(argv, processOutput.out);
    case "inspect":
      return inspect(argv, bundles, processOutput.out);
    case "version":
    case "--version":
      processOutput.out(`skerry ${version}\n`);
      return 0;
    case "help":
    case "--help":
      return help(processOutput.out);
    case "":
      await help(processOutput.err);
      return 2;
    default:
      if (command.startsWith("-")) throw errors.create("SKERRY_CLI_UNKNOWN_COMMAND", { command });
      return remote(command, argv, processOutput);
  }
}

/** Usage errors exit with 2, everything else with 1. */
function fail(error: unknown): number {
  processOutput.err(`skerry: ${explain(error)}`);
  return errorCode(error) === "SKERRY_CLI_USAGE" ? 2 : 1;
}

const [command = "", ...argv] = process.argv.slice(2);
void run(command, argv)
  .catch(fail)
  .then((code) => {
    process.exitCode = code;
    // The supervisor's channel would keep a finished process alive.
    if (process.connected) process.disconnect();
  });
