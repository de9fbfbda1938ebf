import { stopFlag, type WorkerInput } from "../worker-protocol.ts";
import { Descriptors } from "./descriptors.ts";
import { GuestMemory } from "./guest-memory.ts";
import { LogWriter } from "./log-writer.ts";
import { ProgramExit } from "./program-exit.ts";
import type { ThreadClock } from "./thread-clock.ts";

const terminated = 128 + 15;

/** What the functions of one running program share. */
export class Program {
  readonly memory = new GuestMemory();
  readonly descriptors: Descriptors;
  readonly log: LogWriter;
  readonly args: readonly Buffer[];
  readonly env: readonly Buffer[];
  readonly clock: ThreadClock;
  readonly #stop: Int32Array;

  constructor(input: WorkerInput, clock: ThreadClock) {
    this.clock = clock;
    this.descriptors = new Descriptors(input.preopens);
    this.log = new LogWriter(input.log, clock);
    this.args = input.args.map(zeroEnded);
    this.env = input.env.map(({ name, value }) => zeroEnded(`${name}=${value}`));
    this.#stop = new Int32Array(input.stop);
  }

  /** Ends the program when it was asked to stop. */
  checkStop(): void {
    if (Atomics.load(this.#stop, 0) === stopFlag.stopped) throw new ProgramExit(terminated);
  }

  /** Sleeps; a stop ends the sleep and the program. */
  sleep(ms: number): void {
    Atomics.wait(this.#stop, 0, stopFlag.running, ms);
    this.checkStop();
  }
}

function zeroEnded(text: string): Buffer {
  return Buffer.from(`${text.replaceAll("\0", "")}\0`);
}
