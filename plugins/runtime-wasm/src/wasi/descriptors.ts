import { closeSync, realpathSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { Preopen } from "../worker-protocol.ts";
import { errno, WasiError } from "./errno.ts";
import type { StreamName } from "./log-writer.ts";
import type { Root } from "./path-resolver.ts";

export type Descriptor =
  | { readonly type: "stdin" }
  | { readonly type: "stream"; readonly stream: StreamName }
  | {
      readonly type: "folder";
      readonly root: Root;
      readonly path: string;
      /** Of a preopen, as the program names it. */
      readonly guestPath?: string;
      /** A mount of one file: the folder shows nothing else. */
      readonly only?: string;
    }
  | {
      readonly type: "file";
      readonly root: Root;
      readonly fd: number;
      readonly canRead: boolean;
      readonly canWrite: boolean;
      readonly append: boolean;
      position: bigint;
    };

const mostDescriptors = 256;
const firstFree = 3;

/** The open files of a program: standard streams, then its preopens, then what it opened. */
export class Descriptors {
  readonly #open = new Map<number, Descriptor>();

  constructor(preopens: readonly Preopen[]) {
    this.#open.set(0, { type: "stdin" });
    this.#open.set(1, { type: "stream", stream: "stdout" });
    this.#open.set(2, { type: "stream", stream: "stderr" });
    for (const preopen of preopens) this.add(preopened(preopen));
  }

  get(fd: number): Descriptor {
    const found = this.#open.get(fd);
    if (found === undefined) throw new WasiError(errno.badf);
    return found;
  }

  folder(fd: number): Descriptor & { readonly type: "folder" } {
    const found = this.get(fd);
    if (found.type !== "folder") throw new WasiError(errno.notdir);
    return found;
  }

  file(fd: number): Descriptor & { readonly type: "file" } {
    const found = this.get(fd);
    if (found.type === "folder") throw new WasiError(errno.isdir);
    if (found.type !== "file") throw new WasiError(errno.spipe);
    return found;
  }

  add(descriptor: Descriptor): number {
    if (this.#open.size >= mostDescriptors) throw new WasiError(errno.mfile);
    let fd = firstFree;
    while (this.#open.has(fd)) fd += 1;
    this.#open.set(fd, descriptor);
    return fd;
  }

  close(fd: number): void {
    const found = this.get(fd);
    this.#open.delete(fd);
    if (found.type === "file") closeSync(found.fd);
  }

  renumber(from: number, to: number): void {
    const moved = this.get(from);
    this.get(to);
    if (from === to) return;
    this.close(to);
    this.#open.delete(from);
    this.#open.set(to, moved);
  }

  closeAll(): void {
    for (const fd of [...this.#open.keys()]) this.close(fd);
  }
}

/** A mount of a file appears as a folder with that file alone. */
function preopened({ guestPath, hostPath, readOnly }: Preopen): Descriptor {
  const real = realpathSync(hostPath);
  if (statSync(real).isDirectory()) return { type: "folder", root: { path: real, readOnly }, path: real, guestPath };
  const path = dirname(real);
  return { type: "folder", root: { path, readOnly }, path, guestPath: dirname(guestPath), only: basename(real) };
}
