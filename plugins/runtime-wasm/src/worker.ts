import { parentPort, workerData } from "node:worker_threads";
import { pageBytes } from "./module/cap-sections.ts";
import { importsOf } from "./wasi/imports.ts";
import { Program } from "./wasi/program.ts";
import { ProgramExit } from "./wasi/program-exit.ts";
import type { ThreadClock } from "./wasi/thread-clock.ts";
import { type Exit, startError, type WorkerInput, type WorkerMessage } from "./worker-protocol.ts";

const stopped = 143;

/** A thread is a program of its own: this is where its clock comes from. */
const clock: ThreadClock = {
  realtime: () => BigInt(Date.now()) * 1_000_000n,
  monotonic: () => process.hrtime.bigint(),
};

function say(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}

function ended(program: Program, error: unknown, memoryLimitBytes: number): Exit {
  if (error === undefined) return { exitCode: 0, reason: "Completed" };
  if (error instanceof ProgramExit) {
    const { exitCode } = error;
    return {
      exitCode,
      reason: exitCode === 0 ? "Completed" : "Error",
      ...(exitCode === stopped ? { message: "it was stopped" } : {}),
    };
  }
  // A program whose memory can grow no more gives up in a trap of its own.
  if (program.memory.byteLength + pageBytes > memoryLimitBytes) {
    return { exitCode: 137, reason: "OOMKilled", message: `it used up its ${memoryLimitBytes} bytes of memory` };
  }
  return { exitCode: 134, reason: "Error", message: error instanceof Error ? error.message : String(error) };
}

async function run(input: WorkerInput): Promise<Exit> {
  let program: Program;
  let start: () => void;
  try {
    program = new Program(input, clock);
    const module = await WebAssembly.compile(input.module);
    say({ type: "started" });
    const { exports } = new WebAssembly.Instance(module, importsOf(program));
    if (exports["memory"] instanceof WebAssembly.Memory) program.memory.attach(exports["memory"]);
    start = exports["_start"] as () => void;
  } catch (error) {
    return startError(error instanceof Error ? error.message : String(error));
  }
  let failure: unknown;
  try {
    start();
  } catch (error) {
    failure = error ?? new Error("unknown");
  }
  const exit = ended(program, failure, input.memoryLimitBytes);
  program.log.close();
  program.descriptors.closeAll();
  const { dropped } = program.log;
  if (dropped === 0) return exit;
  const lost = `${dropped} lines of its log could not be written`;
  return { ...exit, message: exit.message === undefined ? lost : `${exit.message}; ${lost}` };
}

void run(workerData as WorkerInput).then((exit) => say({ type: "exited", exit }));
