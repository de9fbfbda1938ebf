import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { parseOptions } from "../arguments.ts";
import { errors } from "../errors.ts";
import { Home } from "../home.ts";
import { childSpecs } from "./launch.ts";
import type { Ports } from "./ports.ts";

/**
 * `skerry demo-meter [--home DIR]`: the simulated meter of an installation by itself, at the port its Device names, so
 * that an edge node can be run without the supervisor. Ends with Ctrl-C or SIGTERM.
 */
export async function demoMeter(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(argv, { home: { type: "string" } });
  if (positionals.length > 0) throw errors.create("SKERRY_CLI_USAGE", { problem: `unexpected "${positionals[0]}"` });
  const home = new Home(values.home);
  const file = home.file("ports.json");
  if (!existsSync(file)) throw errors.create("SKERRY_CLI_NO_INSTALLATION", { home: home.path });
  const ports = JSON.parse(await readFile(file, "utf8")) as Ports;
  const child = spawn(process.execPath, childSpecs(home, __dirname, ports).meter.arguments, { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}
