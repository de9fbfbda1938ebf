import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Installation {
  readonly pids: { readonly cloud: number; readonly edge: number; readonly meter: number };
  readonly kubeconfig: string;
  /** URL of the edge node's bus. */
  readonly mqtt: string;
  stop(): Promise<void>;
}

const patienceMs = 60_000;

/** `skerry up` in a folder of its own, on free ports, live. */
export async function startInstallation(): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), "skerry-bench-"));
  const home = join(folder, "home");
  await mkdir(home);
  await writeFile(join(home, "ports.json"), JSON.stringify({ kubernetes: 0, link: 0, mqtt: 0, meter: 0 }));
  const child = spawn(process.execPath, [join(__dirname, "skerry.cjs"), "up", "--home", home], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const stop = async () => {
    const gone = new Promise((resolve) => child.once("exit", resolve));
    if (child.exitCode === null && child.kill()) await gone;
    await rm(folder, { recursive: true, force: true });
  };
  const end = performance.now() + patienceMs;
  let endpoints: Omit<Installation, "stop"> | undefined;
  while (endpoints === undefined) {
    if (child.exitCode !== null || performance.now() > end) {
      await stop();
      throw new Error("skerry up did not become live");
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    endpoints = await readFile(join(home, "endpoints.json"), "utf8").then(
      (text) => JSON.parse(text),
      () => undefined,
    );
  }
  return { ...endpoints, stop };
}
