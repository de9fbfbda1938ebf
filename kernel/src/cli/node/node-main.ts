import { mkdir } from "node:fs/promises";
import { commandPoint, type NodeInfo, statusSectionPoint } from "@skerry/contracts";
import { boot, type Kernel } from "../../host/index.ts";
import { aborted } from "../aborted.ts";
import { ControlServer } from "../control/server.ts";
import { errors } from "../errors.ts";
import { explain } from "../explain.ts";
import { processOutput } from "../output.ts";
import { runningNodes } from "../running-nodes.ts";
import { version } from "../version.ts";
import { logSink } from "./log-sink.ts";
import { type NodeOptions, readNodeOptions } from "./node-options.ts";
import { pluginEntries } from "./plugin-entries.ts";
import type { ProfileBundle } from "./profile-bundle.ts";

/**
 * Boots a node of this profile and runs it until SIGINT, SIGTERM, or the end of the supervisor that
 * started it. Gives the exit code.
 */
export async function nodeMain(bundle: ProfileBundle, argv: readonly string[]): Promise<number> {
  const options = await readNodeOptions(bundle, argv);
  const { profile } = bundle.profile;
  await refuseSecond(options, profile);
  const home = options.home.node(profile);
  await mkdir(home, { recursive: true, mode: 0o700 });
  const node: NodeInfo = { name: options.name, profile, home, programs: __dirname, version };
  const stop = stopRequest();
  let kernel: Kernel;
  try {
    kernel = await boot({
      node,
      plugins: pluginEntries(bundle, options, process.env),
      log: logSink(options.logFormat),
      signal: stop.signal,
    });
  } catch (error) {
    return refused(error);
  }
  const control = new ControlServer(
    {
      name: node.name,
      profile,
      inspect: () => kernel.inspect(),
      sections: () => kernel.contributions(statusSectionPoint),
      commands: () => kernel.contributions(commandPoint),
    },
    options.home.control(profile),
  );
  await control.start();
  process.send?.({ ready: true });
  await aborted(stop.signal);
  try {
    await control.stop();
  } finally {
    await kernel.stop();
  }
  // Whatever a library still holds open must not keep a stopped node alive.
  setTimeout(() => process.exit(), 500).unref();
  return 0;
}

async function refuseSecond(options: NodeOptions, profile: string): Promise<void> {
  const [running] = await runningNodes(options.home, [profile]);
  if (!running) return;
  const { pid } = running.client;
  throw errors.create("SKERRY_CLI_ALREADY_RUNNING", { profile, home: options.home.path, pid });
}

/** Aborted at the first signal, or when the supervisor is gone. */
function stopRequest(): AbortController {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop.abort(new Error(signal)));
  if (process.send) process.on("disconnect", () => stop.abort(new Error("the supervisor is gone")));
  return stop;
}

/** Prints every problem of a refused boot: what is wrong, and what to do. */
function refused(error: unknown): number {
  const problems = error instanceof AggregateError ? error.errors : [error];
  processOutput.err(`skerry: the node did not start: ${problems.length} problem${problems.length === 1 ? "" : "s"}\n`);
  for (const problem of problems) processOutput.err(`- ${explain(problem)}`);
  return 1;
}
