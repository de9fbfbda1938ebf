#!/usr/bin/env -S node --max-semi-space-size=1 --optimize-for-size --max-lazy --v8-pool-size=1 --disable-warning=ExperimentalWarning
// The flags keep an edge node small; V8 takes them only on the command line.
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const bundle = join(__dirname, "../../dist/bundle/skerry.cjs");
if (existsSync(bundle)) {
  require(bundle);
} else {
  process.stderr.write("skerry: not built yet. Run `npm run build` once, then try again.\n");
  process.exitCode = 1;
}
