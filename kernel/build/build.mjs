// Builds dist/: one bundle per profile (the kernel, and the plugins its YAML names), the command
// line, the simulated meter, and the WASM of every mapper.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as esbuild from "esbuild";
import { buildGuest } from "../../sdk/mapper/build-guest.mjs";
import { buildHelloWasm } from "./hello-wasm.mjs";
import { importMap } from "./import-map.mjs";

/** Loaded from node_modules at run time: native code, and what only serial lines need. */
const external = ["sqlite3", "serialport"];

export async function build({ root, say }) {
  const started = Date.now();
  const dist = join(root, "dist");
  const generated = join(dist, "generated");
  mkdirSync(generated, { recursive: true });
  const version = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version;

  const entryPoints = {
    skerry: join(root, "kernel/src/cli/main.ts"),
    up: join(root, "kernel/src/cli/up/up.ts"),
    join: join(root, "kernel/src/cli/join/join.ts"),
    bench: join(root, "test/bench/main.ts"),
    fuzz: join(root, "test/fuzz/main.ts"),
    sim: join(root, "test/sim/main.ts"),
    "demo-meter": join(root, "mappers/modbus/simulator/main.ts"),
  };
  for (const file of readdirSync(join(root, "kernel/profiles"))) {
    if (!file.endsWith(".yaml")) continue;
    const name = file.slice(0, -".yaml".length);
    const entry = join(generated, `${name}.ts`);
    writeFileSync(entry, importMap({ root, profileFile: join(root, "kernel/profiles", file), generated }));
    entryPoints[`profile-${name}`] = entry;
  }

  // Threads that a plugin runs: found through NodeInfo.programs.
  for (const name of readdirSync(join(root, "plugins"))) {
    const worker = join(root, "plugins", name, "src/worker.ts");
    if (existsSync(worker)) entryPoints[`${name}-worker`] = worker;
  }

  rmSync(join(dist, "bundle"), { recursive: true, force: true });
  const { metafile } = await esbuild.build({
    metafile: true,
    entryPoints,
    outdir: join(dist, "bundle"),
    outExtension: { ".js": ".cjs" },
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    minify: true,
    // Class names appear in boot reports and error messages.
    keepNames: true,
    sourcemap: "external",
    sourcesContent: false,
    legalComments: "none",
    external,
    define: { SKERRY_VERSION: JSON.stringify(version) },
    tsconfig: join(root, "tsconfig.json"),
    logLevel: "warning",
  });
  writeFileSync(join(dist, "meta.json"), JSON.stringify(metafile));
  await buildGuests(root, dist);
  await buildHelloWasm({ root, dist });
  cpSync(join(root, "docs/examples"), join(dist, "examples"), { recursive: true });
  say(`built in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

async function buildGuests(root, dist) {
  for (const name of readdirSync(join(root, "mappers"))) {
    const folder = join(root, "mappers", name);
    const target = join(dist, "mappers", name);
    mkdirSync(target, { recursive: true });
    await buildGuest({ entry: join(folder, "guest/index.ts"), outFile: join(target, `${name}.wasm`) });
    writeFileSync(join(target, "mapper.json"), readFileSync(join(folder, "mapper.json")));
  }
}
