import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, type WriteStream } from "node:fs";
import { errors } from "../errors.ts";
import { LogTail } from "./log-tail.ts";

export interface ChildSpec {
  readonly name: string;
  readonly arguments: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Where its output goes, appended. */
  readonly log: string;
}

export interface ChildEvents {
  /** It is ready, or ready again. */
  ready(pid: number): void;
  /** It died and will be started again after `delayMs`. */
  restarting(outcome: string, delayMs: number): void;
}

const firstDelayMs = 250;
const longestDelayMs = 10_000;
/** A child that lived this long starts again without delay growing. */
const steadyAfterMs = 30_000;

/**
 * A process that is kept running: it says `{ready: true}` over its IPC channel; when it dies it is
 * started again with back-off, until `stop`. A child whose supervisor dies sees its channel close.
 */
export class Child {
  readonly #spec: ChildSpec;
  readonly #events: ChildEvents;
  readonly #log: WriteStream;
  readonly #tail = new LogTail();
  #process: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #delayMs = firstDelayMs;
  #stopping = false;
  #wasReady = false;

  constructor(spec: ChildSpec, events: ChildEvents) {
    this.#spec = spec;
    this.#events = events;
    this.#log = createWriteStream(spec.log, { flags: "a" });
  }

  /** Resolves when it is ready for the first time; rejects when it ends before. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#spawn(resolve, (outcome) => {
        const { name, log } = this.#spec;
        reject(errors.create("SKERRY_UP_CHILD_FAILED", { name, outcome, log, tail: this.#tail.text() }));
      });
    });
  }

  /** SIGTERM, then SIGKILL after `graceMs`. Resolves when it is gone. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    const child = this.#process;
    if (child && child.exitCode === null && child.signalCode === null) {
      const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
      child.kill("SIGTERM");
      const kill = setTimeout(() => child.kill("SIGKILL"), graceMs);
      await gone;
      clearTimeout(kill);
    }
    this.#log.end();
  }

  #spawn(ready: () => void, failed: (outcome: string) => void): void {
    const started = performance.now();
    const child = spawn(process.execPath, this.#spec.arguments, {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      // In a process group of its own: Ctrl-C is for the supervisor, which stops its children in order.
      detached: true,
      env: { ...process.env, ...this.#spec.environment },
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.#log.write(chunk);
        this.#tail.add(chunk);
      });
    }
    child.on("message", () => {
      this.#wasReady = true;
      if (child.pid !== undefined) this.#events.ready(child.pid);
      ready();
    });
    child.once("error", (error) => this.#log.write(`${error.message}\n`));
    child.once("exit", (code, signal) => {
      if (this.#stopping) return;
      const outcome = signal ?? `exit code ${code}`;
      if (!this.#wasReady) return failed(outcome);
      this.#restart(outcome, performance.now() - started);
    });
  }

  #restart(outcome: string, livedMs: number): void {
    if (livedMs > steadyAfterMs) this.#delayMs = firstDelayMs;
    const delayMs = this.#delayMs;
    this.#delayMs = Math.min(delayMs * 2, longestDelayMs);
    this.#events.restarting(outcome, delayMs);
    const ignore = () => undefined;
    this.#timer = setTimeout(() => this.#spawn(ignore, ignore), delayMs);
  }
}
