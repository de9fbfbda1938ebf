import { footprint } from "./footprint.ts";

const benches: Readonly<Record<string, () => Promise<void>>> = { footprint };

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => benches[name] === undefined);
  if (unknown.length > 0) {
    process.stderr.write(`there is no bench ${unknown.join(", ")}; there is: ${Object.keys(benches).join(", ")}\n`);
    return 2;
  }
  for (const name of names.length > 0 ? names : Object.keys(benches)) await benches[name]?.();
  return 0;
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
