import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { type Clock, runtimeErrors, storageErrors } from "@skerry/contracts";
import { errorCode, errorMessage } from "@skerry/plugin";
import { ContainerRun } from "../container/container-run.ts";
import type { Prepared } from "../container/prepare.ts";
import { type Exit, startError } from "../worker-protocol.ts";

interface Running {
  readonly run: ContainerRun;
  /** Resolves when the end was taken down. */
  readonly finished: Promise<void>;
}

export interface RunningContainersOptions {
  /** Absolute path of the program of a container's thread. */
  readonly program: string;
  readonly clock: Clock;
  /** Called with the end of each, and waited for by those who stop it. */
  readonly exited: (id: string, exit: Exit) => Promise<void>;
}

/** The threads of the containers that run. */
export class RunningContainers {
  readonly #options: RunningContainersOptions;
  readonly #running = new Map<string, Running>();

  constructor(options: RunningContainersOptions) {
    this.#options = options;
  }

  ids(): readonly string[] {
    return [...this.#running.keys()];
  }

  /** Resolves when the program has begun, or with how it ended before it could. */
  async start(id: string, prepared: Prepared): Promise<Exit | undefined> {
    const { program, clock, exited } = this.#options;
    let run: ContainerRun;
    try {
      run = new ContainerRun(program, prepared, clock);
    } catch (error) {
      // The process has no threads left, above all.
      const failure = startError(errorMessage(error));
      await exited(id, failure);
      return failure;
    }
    const finished = run.ended.then(async (exit) => {
      await exited(id, exit);
      this.#running.delete(id);
    });
    this.#running.set(id, { run, finished });
    const early = await run.started;
    if (early !== undefined) await finished;
    return early;
  }

  async stop(id: string, graceMs: number): Promise<void> {
    const running = this.#running.get(id);
    if (running === undefined) return;
    await running.run.stop(graceMs);
    await running.finished;
  }

  async stopAll(graceMs: number): Promise<void> {
    await Promise.all(this.ids().map((id) => this.stop(id, graceMs)));
  }
}

/** Makes the folder of a log file. `SKERRY_STORAGE_FULL`, or the container cannot be run. */
export async function makeLogFolder(path: string, container: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
  } catch (error) {
    if (errorCode(error) === "ENOSPC") throw storageErrors.create("SKERRY_STORAGE_FULL", { store: path }, error);
    const problem = `the folder of its log cannot be made: ${errorMessage(error)}`;
    throw runtimeErrors.create("SKERRY_RUNTIME_BAD_CONTAINER", { container, problem }, error);
  }
}
