import { footprint } from "./footprint.ts";
import { twin } from "./twin/index.ts";

const benches: Readonly<Record<string, () => Promise<void>>> = { footprint, twin };

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => benches[name] === undefined);
  if (unknown.length > 0) {
    process.stderr.write(`there is no bench ${unknown.join(", ")}; there is: ${Object.keys(benches).join(", ")}\n`);
    return 2;
  }
  for (const name of names.length > 0 ? names : Object.keys(benches)) await benches[name]?.();
  return 0;
}

// Whoever reads the tables may stop reading; what was started must still be stopped.
process.stdout.on("error", () => {
  process.exitCode = 1;
});

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
