import type { Clock, ContainerConfig, Timer } from "@skerry/contracts";

/** How a container of the fake ends, by itself or with `exit`. */
export interface FakeExit {
  readonly code: number;
  /** Default: `Completed` for 0, else `Error`. */
  readonly reason?: string;
  readonly message?: string;
}

/** A container that a scripted program runs in. */
export interface FakeRun {
  readonly id: string;
  readonly config: ContainerConfig;
  /** Adds a line to the log, stamped with the clock. */
  print(line: string, stream?: "stdout" | "stderr"): void;
  exit(exit: FakeExit): void;
}

/**
 * What a program of the fake does: `sleeps` until it is asked to end (143), `loops` until it is killed (137), `exits`
 * after a while of the clock, is `refused` when its container is created, does `not start` and is exited then, or whatever a function does with its run.
 */
export type FakeProgram =
  | { readonly does: "sleeps" }
  | { readonly does: "loops" }
  | ({ readonly does: "exits"; readonly afterMs?: number } & FakeExit)
  | { readonly does: "refused"; readonly problem: string }
  | { readonly does: "not start"; readonly problem: string }
  | { readonly does: "runs"; readonly run: (run: FakeRun) => void };

interface Running {
  readonly program: FakeProgram;
  readonly timers: Timer[];
  readonly ended: Promise<void>;
  readonly end: () => void;
}

interface RunsOwner {
  exited(id: string, exit: FakeExit): void;
  printed(id: string, line: string): void;
}

/** The containers of a `FakeWorkloadRuntime` that run. */
export class FakeRuns {
  readonly #clock: Clock;
  readonly #owner: RunsOwner;
  readonly #running = new Map<string, Running>();

  constructor(clock: Clock, owner: RunsOwner) {
    this.#clock = clock;
    this.#owner = owner;
  }

  ids(): readonly string[] {
    return [...this.#running.keys()];
  }

  start(id: string, config: ContainerConfig, program: FakeProgram): void {
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const running: Running = { program, timers: [], ended, end };
    this.#running.set(id, running);
    const stamp = () => new Date(this.#clock.now()).toISOString().replace("Z", "000000Z");
    if (program.does === "exits") {
      running.timers.push(this.#clock.after(program.afterMs ?? 0, () => this.end(id, program)));
    } else if (program.does === "runs") {
      program.run({
        id,
        config,
        print: (line, stream = "stdout") => this.#owner.printed(id, `${stamp()} ${stream} F ${line}`),
        exit: (exit) => this.end(id, exit),
      });
    }
  }

  /** Does nothing to what does not run. */
  end(id: string, exit: FakeExit): void {
    const running = this.#running.get(id);
    if (running === undefined) return;
    this.#running.delete(id);
    for (const timer of running.timers) timer[Symbol.dispose]();
    this.#owner.exited(id, exit);
    running.end();
  }

  async stop(id: string, graceMs: number): Promise<void> {
    const running = this.#running.get(id);
    if (running === undefined) return;
    if (graceMs <= 0) this.end(id, { code: 137 });
    else if (running.program.does !== "loops") this.end(id, { code: 143 });
    else running.timers.push(this.#clock.after(graceMs, () => this.end(id, { code: 137 })));
    await running.ended;
  }

  /** All are gone, and nobody is told; those who wait for an end are let go. */
  forget(): void {
    for (const { timers, end } of this.#running.values()) {
      for (const timer of timers) timer[Symbol.dispose]();
      end();
    }
    this.#running.clear();
  }
}
