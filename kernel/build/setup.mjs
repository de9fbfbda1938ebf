// Makes a fresh clone runnable: checks Node, installs what package-lock.json names, builds. Plain
// JavaScript without dependencies, because it runs before there are any. Says what it is doing.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const stampFile = join(root, "node_modules/.skerry-installed");

function say(text) {
  process.stderr.write(`skerry: ${text}\n`);
}

function fail(text) {
  say(text);
  process.exit(1);
}

function run(command, args, env = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    // Standard output belongs to the command that follows; progress goes to standard error.
    stdio: ["ignore", 2, 2],
    env: { ...process.env, ...env },
  });
  if (result.error) fail(`cannot run ${command}: ${result.error.message}`);
  if (result.status !== 0) fail(`\`${[command, ...args].join(" ")}\` ended with ${result.status ?? result.signal}`);
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    fail(`needs Node 20.19 or newer, found ${process.versions.node}. Install it from https://nodejs.org and try again.`);
  }
}

/** What an installation depends on: the lock file and the Node ABI that native modules were built for. */
function installationKey() {
  const hash = createHash("sha256");
  hash.update(readFileSync(join(root, "package-lock.json")));
  hash.update(`${process.platform} ${process.arch} ${process.versions.modules}`);
  return hash.digest("hex");
}

function missingCompiler() {
  const probes = [
    ["python3", "--version"],
    ["make", "--version"],
    ["g++", "--version"],
  ];
  return probes.filter(([tool, flag]) => spawnSync(tool, [flag], { stdio: "ignore" }).status !== 0).map(([tool]) => tool);
}

function install() {
  const key = installationKey();
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === key) return;
  const missing = missingCompiler();
  if (missing.length > 0) {
    say(`${missing.join(", ")} not found: sqlite3 is compiled where it has no ready-made build. On Debian: apt-get install python3 make g++`);
  }
  say("installing dependencies with npm ci (sqlite3 may be compiled: one to two minutes) …");
  const prefix = dirname(dirname(process.execPath));
  const headers = existsSync(join(prefix, "include/node/node.h")) ? { npm_config_nodedir: prefix } : {};
  const jobs = { JOBS: "max" };
  const started = Date.now();
  run("npm", ["ci", "--no-fund", "--no-audit", "--loglevel=error"], { ...headers, ...jobs });
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, key);
  say(`installed in ${((Date.now() - started) / 1000).toFixed(0)} s`);
}

checkNode();
install();
const { build } = await import("./build.mjs");
await build({ root, say });
