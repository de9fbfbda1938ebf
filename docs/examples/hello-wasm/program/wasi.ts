// The few functions of WASI preview 1 that this program needs, in AssemblyScript.

// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "args_sizes_get")
declare function args_sizes_get(count: usize, bytes: usize): i32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "args_get")
declare function args_get(pointers: usize, buffer: usize): i32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "environ_sizes_get")
declare function environ_sizes_get(count: usize, bytes: usize): i32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "environ_get")
declare function environ_get(pointers: usize, buffer: usize): i32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_write")
declare function fd_write(fd: i32, vectors: usize, count: i32, written: usize): i32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "poll_oneoff")
declare function poll_oneoff(subscriptions: usize, events: usize, count: i32, ready: usize): i32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "proc_exit")
declare function proc_exit(code: i32): void;

const stdout = 1;
const stderr = 2;

/** The command line: the module's path first. */
export function args(): string[] {
  const sizes = memory.data(8);
  if (args_sizes_get(sizes, sizes + 4) != 0) return [];
  const pointers = new ArrayBuffer(4 * load<u32>(sizes));
  const buffer = new ArrayBuffer(load<u32>(sizes, 4));
  if (args_get(changetype<usize>(pointers), changetype<usize>(buffer)) != 0) return [];
  return texts(pointers);
}

/** The value of an environment variable, or what to take where it is not set. */
export function env(name: string, fallback: string): string {
  const sizes = memory.data(8);
  if (environ_sizes_get(sizes, sizes + 4) != 0) return fallback;
  const pointers = new ArrayBuffer(4 * load<u32>(sizes));
  const buffer = new ArrayBuffer(load<u32>(sizes, 4));
  if (environ_get(changetype<usize>(pointers), changetype<usize>(buffer)) != 0) return fallback;
  const variables = texts(pointers);
  for (let index = 0; index < variables.length; index++) {
    if (variables[index].startsWith(name + "=")) return variables[index].slice(name.length + 1);
  }
  return fallback;
}

export function print(line: string): void {
  write(stdout, line);
}

export function complain(line: string): void {
  write(stderr, line);
}

/** Waits on the monotonic clock. */
export function sleep(milliseconds: i64): void {
  // A subscription of 48 bytes: userdata, then at 8 the tag (0 is a clock), at 16 which clock, at 24 the time in nanoseconds.
  const subscription = memory.data(48, 8);
  const event = memory.data(32, 8);
  const ready = memory.data(4);
  memory.fill(subscription, 0, 48);
  store<u32>(subscription, 1, 16);
  store<i64>(subscription, milliseconds * 1_000_000, 24);
  poll_oneoff(subscription, event, 1, ready);
}

export function exit(code: i32): void {
  proc_exit(code);
}

/** What the compiler calls when an assertion of its runtime fails. */
export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  complain("abort: " + (message == null ? "no message" : message) + " at line " + line.toString());
  proc_exit(134);
}

function write(fd: i32, line: string): void {
  const bytes = String.UTF8.encode(line + "\n");
  const vector = memory.data(8);
  const written = memory.data(4);
  store<u32>(vector, <u32>changetype<usize>(bytes));
  store<u32>(vector, <u32>bytes.byteLength, 4);
  fd_write(fd, vector, 1, written);
}

/** The strings that an array of pointers names, each ended by a zero byte. */
function texts(pointers: ArrayBuffer): string[] {
  const all: string[] = [];
  for (let offset = 0; offset < pointers.byteLength; offset += 4) {
    const start = load<u32>(changetype<usize>(pointers) + offset);
    let end = start;
    while (load<u8>(end) != 0) end++;
    all.push(String.UTF8.decodeUnsafe(start, end - start));
  }
  return all;
}
