/**
 * What the thread of one container (`worker.ts`) is given and says. The runtime starts
 * `<programs>/runtime-wasm-worker.cjs` with a `WorkerInput` as its `workerData`.
 */
export interface WorkerInput {
  /** The module as `inspectModule` gave it: its imports are known, its memory is capped. The thread compiles it. */
  readonly module: Uint8Array<ArrayBuffer>;
  /** From argv[0]. */
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  /** What the program sees of the node's files, and nothing else. Longer guest paths come first. */
  readonly preopens: readonly Preopen[];
  /** Absolute path in the container: where relative paths start, if the program asks. */
  readonly workingDirectory: string;
  readonly memoryLimitBytes: number;
  readonly log: LogFile;
  /**
   * An `Int32Array` of one element: `StopFlag`. The runtime sets `stopped` and notifies; the thread then ends the
   * program with exit code 143 at its next host call, also out of a sleep (`Atomics.wait`).
   */
  readonly stop: SharedArrayBuffer;
}

export interface Preopen {
  /** Absolute, normalised, without a slash at its end (`/` apart). */
  readonly guestPath: string;
  /** Absolute path of a folder or a file of the node; exists when the thread starts. */
  readonly hostPath: string;
  readonly readOnly: boolean;
}

/** The thread writes it itself, in CRI's format: `<RFC 3339 with nanoseconds> stdout|stderr F|P <line>`. */
export interface LogFile {
  /** Absolute. Its folder exists. */
  readonly path: string;
  /** Beyond it the file becomes `<path>.1`, in place of an older one, and a new one begins. */
  readonly limitBytes: number;
}

export const stopFlag = { running: 0, stopped: 1 } as const;

/** Bytes of a line of a log; what is longer comes as several entries tagged `P`, the last one `F`. */
export const longestLogLine = 16 * 1024;

export type WorkerMessage =
  /**
   * The module is compiled and its imports fit; nothing of it has run, instantiation included. The first message, and
   * the only one but the last.
   */
  | { readonly type: "started" }
  /** The last message: the thread ends by itself after it, with everything that was printed in the log. */
  | { readonly type: "exited"; readonly exit: Exit };

/** How a program ended. */
export interface Exit {
  /** What it gave to `proc_exit`, 0 when `_start` returned; 134 trap, 137 out of memory, 143 stopped. */
  readonly exitCode: number;
  readonly reason: "Completed" | "Error" | "OOMKilled" | "StartError";
  /** For people: what a trap said, how many log lines were dropped because the disk was full. */
  readonly message?: string;
}

/** The end of a container that never began: with 128, as CRI runtimes have it. */
export const startError = (message: string): Exit => ({ exitCode: 128, reason: "StartError", message });

/** What a module is held to. */
export interface ModuleLimits {
  /** Of each memory; the module's own maximum is lowered to it. */
  readonly memoryLimitBytes: number;
}

/**
 * What `inspectModule(bytes, limits): Promise<InspectedModule>` of `module/inspect-module.ts` gives: the bytes to run,
 * or a sentence about what is wrong (not WebAssembly, no `_start`, imports that this runtime does not have, by name,
 * more memory from the start than the limit).
 */
export type InspectedModule =
  | { readonly module: Uint8Array<ArrayBuffer>; readonly problem?: never }
  | { readonly problem: string };
