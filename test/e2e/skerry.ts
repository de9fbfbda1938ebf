import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const cli = join(root, "dist/bundle/skerry.cjs");

/** The command line of `skerry …`. */
export function skerryCommand(args: readonly string[]): readonly string[] {
  return [process.execPath, "--disable-warning=ExperimentalWarning", cli, ...args];
}

export interface Endpoints {
  readonly kubeconfig: string;
  readonly mqtt: string;
  readonly meter: string;
  readonly pids: { readonly cloud: number; readonly edge: number; readonly meter: number };
}

export interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `skerry …` to its end. */
export function skerry(
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Finished> {
  const [program = "", ...all] = skerryCommand(args);
  return run(program, all, options);
}

/** Runs a program to its end, without a shell. */
export function run(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; input?: string } = {},
): Promise<Finished> {
  return new Promise((done, failed) => {
    const child = spawn(program, args, { ...options, env: { ...process.env, ...options.env }, stdio: "pipe" });
    let out = "";
    let err = "";
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      err += chunk.toString();
    });
    child.once("error", failed);
    child.once("close", (code) => done({ code, out, err }));
    child.stdin.on("error", () => undefined).end(options.input);
  });
}

/** `skerry up` in a folder of its own, on free ports. */
export class Installation {
  readonly home: string;
  output = "";
  #process: ChildProcess | undefined;

  private constructor(home: string) {
    this.home = home;
  }

  static async create(): Promise<Installation> {
    const home = join(await mkdtemp(join(tmpdir(), "skerry-e2e-")), "home");
    await mkdir(home);
    await writeFile(join(home, "ports.json"), JSON.stringify({ kubernetes: 0, link: 0, mqtt: 0, meter: 0 }));
    return new Installation(home);
  }

  /** Starts it and waits until node and device are live, and it has said so. */
  async start(environment: NodeJS.ProcessEnv = {}, ...options: readonly string[]): Promise<Endpoints> {
    this.output = "";
    const child = spawn(process.execPath, [cli, "up", "--home", this.home, ...options], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...environment },
      detached: true,
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        this.output += chunk.toString();
      });
    }
    return eventually("endpoints.json and the last line of the guide", async () => {
      if (child.exitCode !== null) throw new Fatal(`skerry up ended with ${child.exitCode}:\n${this.output}`);
      return this.output.includes("Ctrl-C stops everything.") ? this.endpoints() : undefined;
    });
  }

  /** Of the supervisor. */
  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  async endpoints(): Promise<Endpoints> {
    return JSON.parse(await readFile(join(this.home, "endpoints.json"), "utf8")) as Endpoints;
  }

  /** Signals the whole process group, as Ctrl-C in a terminal does; gives the milliseconds it took and the exit code. */
  async stop(signal: NodeJS.Signals = "SIGINT"): Promise<{ ms: number; code: number | null }> {
    const child = this.#process;
    if (!child || child.exitCode !== null) return { ms: 0, code: child?.exitCode ?? null };
    const started = performance.now();
    const code = await new Promise<number | null>((done) => {
      child.once("close", done);
      process.kill(-(child.pid ?? 0), signal);
    });
    return { ms: performance.now() - started, code };
  }

  async remove(): Promise<void> {
    await this.stop("SIGTERM");
    await rm(join(this.home, ".."), { recursive: true, force: true });
  }
}

/** A `skerry …` that goes on until it is stopped. */
export class Background {
  output = "";
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;

  private constructor(child: ChildProcess) {
    this.#process = child;
    this.#ended = new Promise((done) => child.once("close", done));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.output += chunk.toString();
      });
    }
  }

  static skerry(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Background {
    return Background.program(skerryCommand(args), environment);
  }

  /** Any program, without a shell. */
  static program([name = "", ...args]: readonly string[], environment: NodeJS.ProcessEnv = {}): Background {
    const env = { ...process.env, ...environment };
    return new Background(spawn(name, args, { stdio: ["ignore", "pipe", "pipe"], env }));
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** As a crash does. */
  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#ended;
  }

  /** What does not end when it is told to is killed: a test that fails leaves nothing behind. */
  async stop(graceMs = 15_000): Promise<void> {
    this.#process.kill("SIGTERM");
    const kill = setTimeout(() => this.#process.kill("SIGKILL"), graceMs);
    await this.#ended;
    clearTimeout(kill);
  }
}

/** Ends `eventually` at once. */
export class Fatal extends Error {}

/** Tries until it does not throw and gives something; the last failure is the reason when time runs out. */
export async function eventually<T>(what: string, attempt: () => Promise<T | undefined>, seconds = 60): Promise<T> {
  const end = performance.now() + seconds * 1000;
  let last: unknown;
  while (performance.now() < end) {
    try {
      const found = await attempt();
      if (found !== undefined) return found;
    } catch (error) {
      if (error instanceof Fatal) throw error;
      last = error;
    }
    await new Promise((next) => setTimeout(next, 50));
  }
  throw new Error(`${what} did not come true in ${seconds} s`, { cause: last });
}

export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
