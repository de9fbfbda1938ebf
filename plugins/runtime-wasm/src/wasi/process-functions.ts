import { webcrypto } from "node:crypto";
import { errno, WasiError } from "./errno.ts";
import type { Program } from "./program.ts";
import { ProgramExit } from "./program-exit.ts";

const mostRandomBytes = 65_536;
const largestSubscription = 64;
const nanosecondsPerMs = 1_000_000;

/** Arguments, environment, clocks, chance, waiting and the end of a program. */
export function processFunctions(program: Program) {
  const { memory } = program;
  const list = (texts: readonly Buffer[], pointers: number, buffer: number) => {
    let offset = 0;
    for (const [index, text] of texts.entries()) {
      memory.setU32(pointers + 4 * index, buffer + offset);
      memory.bytes(buffer + offset, text.length).set(text);
      offset += text.length;
    }
  };
  const sizes = (texts: readonly Buffer[], count: number, bytes: number) => {
    memory.setU32(count, texts.length);
    memory.setU32(
      bytes,
      texts.reduce((sum, { length }) => sum + length, 0),
    );
  };
  return {
    args_get: (pointers: number, buffer: number) => list(program.args, pointers, buffer),
    args_sizes_get: (count: number, bytes: number) => sizes(program.args, count, bytes),
    environ_get: (pointers: number, buffer: number) => list(program.env, pointers, buffer),
    environ_sizes_get: (count: number, bytes: number) => sizes(program.env, count, bytes),
    clock_res_get: (clock: number, result: number) => {
      clockOf(program, clock);
      memory.setU64(result, 1000n);
    },
    clock_time_get: (clock: number, _precision: bigint, result: number) =>
      memory.setU64(result, clockOf(program, clock)),
    random_get: (pointer: number, length: number) => {
      const bytes = memory.bytes(pointer, length);
      for (let offset = 0; offset < bytes.length; offset += mostRandomBytes) {
        webcrypto.getRandomValues(bytes.subarray(offset, offset + mostRandomBytes));
      }
    },
    poll_oneoff: (subscriptions: number, events: number, count: number, ready: number) =>
      memory.setU32(ready, poll(program, subscriptions, events, count)),
    proc_exit: (code: number) => {
      throw new ProgramExit(code & 0xff);
    },
    proc_raise: (signal: number) => {
      throw new ProgramExit(128 + (signal & 0x7f));
    },
    sched_yield: () => undefined,
  };
}

function clockOf({ clock }: Program, id: number): bigint {
  if (id === 0) return clock.realtime();
  // Monotonic, and the processor time of process and thread, which nothing here measures.
  if (id >= 1 && id <= 3) return clock.monotonic();
  throw new WasiError(errno.inval);
}

/** Streams and files are always ready; clocks are waited for when nothing else is asked. */
function poll(program: Program, subscriptions: number, events: number, count: number): number {
  const { memory } = program;
  if (count === 0 || count > largestSubscription) throw new WasiError(errno.inval);
  const wanted = Array.from({ length: count }, (_, index) => {
    const view = memory.view(subscriptions + 48 * index, 48);
    const type = view.getUint8(8);
    return { userdata: view.getBigUint64(0, true), type, wait: type === 0 ? waitOf(program, view) : 0n };
  });
  const shortest = wanted.reduce((least, { wait }) => (wait < least ? wait : least), wanted[0]?.wait ?? 0n);
  // Beyond 24 days a wait is one of 24 days: a number of milliseconds has to be a double.
  if (shortest > 0n) program.sleep(Math.min(Number(shortest) / nanosecondsPerMs, 2 ** 31));
  return write(memory, events, wanted, shortest);
}

function waitOf(program: Program, view: DataView): bigint {
  const timeout = view.getBigUint64(24, true);
  const isAbsolute = (view.getUint16(40, true) & 1) === 1;
  if (!isAbsolute) return timeout;
  const left = timeout - clockOf(program, view.getUint32(16, true));
  return left > 0n ? left : 0n;
}

function write(
  memory: Program["memory"],
  events: number,
  wanted: readonly { readonly userdata: bigint; readonly type: number; readonly wait: bigint }[],
  elapsed: bigint,
): number {
  const due = wanted.filter(({ wait }) => wait <= elapsed);
  for (const [index, { userdata, type }] of due.entries()) {
    const view = memory.view(events + 32 * index, 32);
    view.setBigUint64(0, userdata, true);
    view.setUint16(8, errno.success, true);
    view.setUint8(10, type);
    view.setBigUint64(16, 0n, true);
    view.setUint16(24, 0, true);
  }
  return due.length;
}
