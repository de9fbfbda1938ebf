import { footprint } from "./footprint/index.ts";
import { cloudRole } from "./link/cloud-role.ts";
import { edgesRole } from "./link/edges-role.ts";
import { link } from "./link/index.ts";
import { nodeRole } from "./link/node-role.ts";
import { plainCloudRole, plainEdgesRole } from "./link/plain-roles.ts";
import { type BenchOptions, parseCommand } from "./options.ts";
import { twin } from "./twin/index.ts";

const benches: Readonly<Record<string, (options: BenchOptions) => Promise<void>>> = { footprint, link, twin };

/** Processes that a bench starts of itself. */
const roles: Readonly<Record<string, () => void>> = {
  "link-cloud": cloudRole,
  "link-edges": edgesRole,
  "link-node": nodeRole,
  "plain-cloud": plainCloudRole,
  "plain-edges": plainEdgesRole,
};

async function main(words: readonly string[]): Promise<number> {
  const command = parseCommand(words);
  if (typeof command === "string") return refuse(command);
  const { names, options } = command;
  const unknown = names.filter((name) => !Object.hasOwn(benches, name));
  if (unknown.length > 0) {
    return refuse(`there is no bench ${unknown.join(", ")}; there is: ${Object.keys(benches).join(", ")}`);
  }
  for (const name of names.length > 0 ? names : Object.keys(benches)) await benches[name]?.(options);
  return 0;
}

function refuse(why: string): number {
  process.stderr.write(`${why}\n`);
  return 2;
}

// Whoever reads the tables may stop reading; what was started must still be stopped.
process.stdout.on("error", () => {
  process.exitCode = 1;
});

function run(words: readonly string[]): void {
  main(words).then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      // Its stack is of a bundle: only the words help.
      process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
      process.exitCode = 1;
    },
  );
}

const [first, role = ""] = process.argv.slice(2);
if (first === "--role") roles[role]?.();
else run(process.argv.slice(2));
