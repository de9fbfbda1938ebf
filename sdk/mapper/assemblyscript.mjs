// Compiles AssemblyScript, once for each change of its sources. Plain JavaScript, because the build runs it before
// TypeScript can be loaded.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/**
 * Compiles `source` to `target`, unless that is newer than every file of `sources`. Paths are absolute.
 *
 * @param {{ source: string, target: string, sources: string[], baseDir: string, flags: string[] }} program
 *   `baseDir` is the folder whose node_modules has the compiler, and which relative paths in `flags` start from
 * @returns {Promise<{ built: boolean }>} rejects with the compiler's messages
 */
export async function compileAssemblyScript(program) {
  const { target, sources } = program;
  if (isFresh(target, sources)) return { built: false };
  mkdirSync(dirname(target), { recursive: true });
  return locked(`${target}.lock`, async () => {
    if (isFresh(target, sources)) return { built: false };
    await build(program);
    return { built: true };
  });
}

async function build(program) {
  const { target } = program;
  // Written beside the target and renamed, so that nobody ever reads half a module.
  const partial = `${target}.${process.pid}.partial`;
  try {
    await compile(program, partial);
    renameSync(partial, target);
  } finally {
    rmSync(partial, { force: true });
  }
}

/** One at a time, over all processes: the compiler takes hundreds of megabytes. A lock whose process has died is void. */
async function locked(lock, act) {
  while (!take(lock)) {
    if (isAlive(holder(lock))) await pause(100);
    else rmSync(lock, { force: true });
  }
  try {
    return await act();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

/** 0 when the lock has gone meanwhile. */
function holder(lock) {
  try {
    // Just made and still empty, it is held.
    return Number(readFileSync(lock, "utf8")) || process.pid;
  } catch (error) {
    if (error.code === "ENOENT") return 0;
    throw error;
  }
}

function isAlive(pid) {
  try {
    return pid !== 0 && process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}

function compile({ source, baseDir, flags }, outFile) {
  const asc = createRequire(join(baseDir, "package.json")).resolve("assemblyscript/bin/asc.js");
  const args = [
    "--enable-source-maps",
    asc,
    relative(baseDir, source),
    ...["--baseDir", baseDir],
    ...["--outFile", relative(baseDir, outFile)],
    ...flags,
  ];
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, args, { cwd: baseDir, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        said = (said + text).slice(-64 * 1024);
      });
    }
    child.on("error", failed);
    child.on("close", (code, signal) => {
      if (code === 0) done();
      else failed(new Error(`cannot compile ${source} (asc ended with ${code ?? signal}):\n${said.trim()}`));
    });
  });
}

function isFresh(target, sources) {
  if (!existsSync(target)) return false;
  return Math.max(...sources.map(newest)) <= statSync(target).mtimeMs;
}

function newest(path) {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}
