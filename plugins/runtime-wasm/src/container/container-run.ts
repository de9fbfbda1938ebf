import { Worker } from "node:worker_threads";
import type { Clock, Timer } from "@skerry/contracts";
import { errorCode, errorMessage } from "@skerry/plugin";
import { type Exit, startError, stopFlag, type WorkerInput, type WorkerMessage } from "../worker-protocol.ts";
import type { Prepared } from "./prepare.ts";

/**
 * Of the thread's JavaScript heap. V8 counts a program's memory when it decides on collecting garbage, and where that is
 * near the limit it collects at every growth by a page, which then takes milliseconds: so there is room for both.
 */
const resourceLimits = (memoryLimitBytes: number) => ({
  maxOldGenerationSizeMb: 64 + Math.ceil(memoryLimitBytes / 1024 ** 2),
  maxYoungGenerationSizeMb: 8,
});

const killed: Exit = { exitCode: 137, reason: "Error" };

/** One run of a container: a thread, from its start to its end. */
export class ContainerRun {
  /** Resolves when the program begins, or with how it ended before it could. */
  readonly started: Promise<Exit | undefined>;
  /** Resolves when the thread is gone. */
  readonly ended: Promise<Exit>;
  readonly #worker: Worker;
  readonly #clock: Clock;
  readonly #stop = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  readonly #timers = new Set<Timer>();
  #exit: Exit | undefined;
  #hasStarted = false;
  #isOver = false;

  constructor(program: string, prepared: Prepared, clock: Clock) {
    this.#clock = clock;
    const workerData: WorkerInput = { ...prepared, stop: this.#stop };
    this.#worker = new Worker(program, {
      workerData,
      transferList: [prepared.module.buffer],
      resourceLimits: resourceLimits(prepared.memoryLimitBytes),
      // Nothing of this process: neither its environment nor its streams nor its flags.
      env: {},
      execArgv: [],
      stdin: false,
      stdout: true,
      stderr: true,
    });
    this.#worker.stdout.resume();
    this.#worker.stderr.resume();
    let begin: (early?: Exit) => void = () => undefined;
    this.started = new Promise((resolve) => {
      begin = resolve;
    });
    this.ended = new Promise((resolve) => {
      this.#worker.once("exit", () => {
        for (const timer of this.#timers) timer[Symbol.dispose]();
        const exit = this.#exit ?? this.#failed("its thread ended without a word");
        this.#isOver = true;
        begin(exit);
        resolve(exit);
      });
    });
    this.#worker.on("message", (message: WorkerMessage) => {
      if (message.type === "started") {
        this.#hasStarted = true;
        begin();
      } else {
        this.#exit ??= message.exit;
        void this.#worker.terminate();
      }
    });
    this.#worker.on("error", (error) => {
      this.#exit ??=
        errorCode(error) === "ERR_WORKER_OUT_OF_MEMORY"
          ? { exitCode: 137, reason: "OOMKilled", message: "its thread ran out of memory" }
          : this.#failed(errorMessage(error));
    });
  }

  /** Asks the program to end and kills it when it has not after this many milliseconds. Resolves when it has ended. */
  async stop(graceMs: number): Promise<void> {
    if (graceMs <= 0) return this.kill();
    if (this.#isOver) return;
    const flag = new Int32Array(this.#stop);
    Atomics.store(flag, 0, stopFlag.stopped);
    Atomics.notify(flag, 0);
    this.#timers.add(this.#clock.after(graceMs, () => void this.kill()));
    await this.ended;
  }

  async kill(): Promise<void> {
    this.#exit ??= killed;
    await this.#worker.terminate();
    await this.ended;
  }

  #failed(message: string): Exit {
    return this.#hasStarted ? { exitCode: 134, reason: "Error", message } : startError(message);
  }
}
