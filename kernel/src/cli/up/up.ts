import { isIP } from "node:net";
import { join } from "node:path";
import { aborted } from "../aborted.ts";
import { parseOptions } from "../arguments.ts";
import { errors } from "../errors.ts";
import { Home } from "../home.ts";
import { processOutput } from "../output.ts";
import { runningNodes } from "../running-nodes.ts";
import { Announcer } from "./announcer.ts";
import { Installation } from "./installation.ts";

export { demoMeter } from "./demo-meter.ts";

/**
 * `skerry up [--home DIR] [--address HOST]`: runs a cloud kernel, an edge node and a simulated meter as processes of
 * their own until Ctrl-C or SIGTERM. With an address, machines that reach it there may join.
 */
export async function up(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(argv, { home: { type: "string" }, address: { type: "string" } });
  if (positionals.length > 0) throw errors.create("SKERRY_CLI_USAGE", { problem: `unexpected "${positionals[0]}"` });
  const { address } = values;
  if (address !== undefined && !isAddress(address)) {
    throw errors.create("SKERRY_CLI_USAGE", {
      problem: `--address takes a host name or an IP address, not "${address}"`,
    });
  }
  const home = new Home(values.home);
  for (const { profile, client } of await runningNodes(home)) {
    throw errors.create("SKERRY_CLI_ALREADY_RUNNING", { profile, home: home.path, pid: client.pid });
  }
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop.abort(signal));

  const announcer = new Announcer(processOutput);
  const installation = new Installation(home, { bundles: __dirname, dist: join(__dirname, "..") }, announcer, address);
  try {
    await installation.start(stop.signal);
    announcer.guide(installation.places());
    await aborted(stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    await installation.stop();
  }
  processOutput.out("stopped\n");
  return 0;
}

function isAddress(text: string): boolean {
  return isIP(text) !== 0 || /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/i.test(text);
}
