import { mkdir, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import type { Clone } from "./clone.ts";

interface Plan {
  readonly plugins: readonly { readonly id: string; readonly state: string }[];
}

const settings = `node: edge-1
plugins:
  transport-websocket: {url: "wss://127.0.0.1:1", tls: {ca: ca.crt, certificate: edge.crt, key: edge.key}}
`;

/** The boot plan of the clone's edge profile, made from its bundle as `skerry inspect` does; throws what a boot would. */
export async function planEdge(clone: Clone): Promise<Plan> {
  const generated = clone.path("dist/generated");
  const [home, entry, bundle] = [clone.path("home"), clone.path("dist/generated/edge.ts"), clone.path("dist/edge.cjs")];
  await mkdir(generated, { recursive: true });
  await mkdir(`${home}/edge`, { recursive: true });
  await writeFile(`${home}/edge/settings.yaml`, settings);
  const { importMap } = await import(pathToFileURL(clone.path("kernel/build/import-map.mjs")).href);
  const profileFile = clone.path("kernel/profiles/edge.yaml");
  await writeFile(entry, importMap({ root: clone.root, profileFile, generated }));
  await build({
    ...{ entryPoints: [entry], outfile: bundle, bundle: true, platform: "node", format: "cjs", logLevel: "error" },
    ...{ external: ["sqlite3", "serialport"], tsconfig: clone.path("tsconfig.json") },
    define: { SKERRY_VERSION: '"0.0.0-test"' },
  });
  const program = `require(process.argv[1]).plan(process.argv[2]).then((plan) => console.log(JSON.stringify(plan)))`;
  const { code, out, err } = await clone.run(process.execPath, ["-e", program, bundle, home]);
  if (code !== 0) throw new Error(err);
  return JSON.parse(out) as Plan;
}
