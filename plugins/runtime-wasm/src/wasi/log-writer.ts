import { closeSync, openSync, renameSync, statSync, writeSync } from "node:fs";
import { type LogFile, longestLogLine } from "../worker-protocol.ts";
import type { ThreadClock } from "./thread-clock.ts";

export type StreamName = "stdout" | "stderr";

/**
 * Writes what a program prints as a log of the Container Runtime Interface: `<time> <stream> <F|P> <line>`. A disk that is
 * full drops lines and counts them; it never ends the program.
 */
export class LogWriter {
  /** Lines that could not be written. */
  dropped = 0;
  readonly #file: LogFile;
  readonly #clock: ThreadClock;
  readonly #rest: Record<StreamName, Buffer> = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  #fd: number | undefined;
  #bytes = 0;

  constructor(file: LogFile, clock: ThreadClock) {
    this.#file = file;
    this.#clock = clock;
  }

  write(stream: StreamName, chunk: Uint8Array): void {
    let rest = Buffer.concat([this.#rest[stream], chunk]);
    const entries: Buffer[] = [];
    for (;;) {
      const end = rest.indexOf(0x0a);
      if (end >= 0 && end <= longestLogLine) {
        entries.push(this.#entry(stream, "F", rest.subarray(0, end)));
        rest = rest.subarray(end + 1);
      } else if (rest.length > longestLogLine) {
        entries.push(this.#entry(stream, "P", rest.subarray(0, longestLogLine)));
        rest = rest.subarray(longestLogLine);
      } else break;
    }
    this.#rest[stream] = rest;
    if (entries.length > 0) this.#append(Buffer.concat(entries), entries.length);
  }

  /** Writes the last lines, which have no end. */
  close(): void {
    for (const stream of ["stdout", "stderr"] as const) {
      const rest = this.#rest[stream];
      if (rest.length > 0) this.#append(this.#entry(stream, "F", rest), 1);
      this.#rest[stream] = Buffer.alloc(0);
    }
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #entry(stream: StreamName, tag: "F" | "P", line: Buffer): Buffer {
    return entryAt(this.#clock.realtime(), stream, tag, line);
  }

  #append(bytes: Buffer, lines: number): void {
    try {
      if (this.#fd === undefined) this.#open();
      if (this.#bytes > 0 && this.#bytes + bytes.length > this.#file.limitBytes) this.#rotate();
      for (let offset = 0; offset < bytes.length; ) offset += writeSync(this.#fd ?? -1, bytes, offset);
      this.#bytes += bytes.length;
    } catch {
      this.dropped += lines;
    }
  }

  #open(): void {
    this.#fd = openSync(this.#file.path, "a", 0o640);
    this.#bytes = statSync(this.#file.path).size;
  }

  #rotate(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
    renameSync(this.#file.path, `${this.#file.path}.1`);
    this.#open();
  }
}

function entryAt(realtime: bigint, stream: StreamName, tag: "F" | "P", line: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${timestamp(realtime)} ${stream} ${tag} `), line, Buffer.from("\n")]);
}

/** RFC 3339 with nanoseconds. */
function timestamp(realtime: bigint): string {
  const ms = realtime / 1_000_000n;
  return new Date(Number(ms)).toISOString().replace("Z", `${String(realtime % 1_000_000n).padStart(6, "0")}Z`);
}
