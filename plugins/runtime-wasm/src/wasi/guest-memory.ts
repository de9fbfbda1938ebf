import { errno, WasiError } from "./errno.ts";

const longestPath = 4096;
const mostVectors = 1024;

/** The program's memory; a pointer that leaves it is `EFAULT`. */
export class GuestMemory {
  #memory: WebAssembly.Memory | undefined;

  attach(memory: WebAssembly.Memory): void {
    this.#memory = memory;
  }

  get byteLength(): number {
    return this.#memory?.buffer.byteLength ?? 0;
  }

  bytes(pointer: number, length: number): Uint8Array {
    const start = pointer >>> 0;
    const count = length >>> 0;
    if (start + count > this.byteLength || this.#memory === undefined) throw new WasiError(errno.fault);
    return new Uint8Array(this.#memory.buffer, start, count);
  }

  view(pointer: number, length: number): DataView {
    const bytes = this.bytes(pointer, length);
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u32(pointer: number): number {
    return this.view(pointer, 4).getUint32(0, true);
  }

  setU32(pointer: number, value: number): void {
    this.view(pointer, 4).setUint32(0, value, true);
  }

  setU64(pointer: number, value: bigint): void {
    this.view(pointer, 8).setBigUint64(0, value, true);
  }

  path(pointer: number, length: number): string {
    if (length >>> 0 > longestPath) throw new WasiError(errno.nametoolong);
    const text = Buffer.from(this.bytes(pointer, length)).toString("utf8");
    if (text.includes("\0")) throw new WasiError(errno.ilseq);
    return text;
  }

  /** The buffers of an array of `iovec`. */
  vectors(pointer: number, count: number): readonly Uint8Array[] {
    if (count >>> 0 > mostVectors) throw new WasiError(errno.inval);
    return Array.from({ length: count >>> 0 }, (_, index) => {
      const entry = (pointer >>> 0) + index * 8;
      return this.bytes(this.u32(entry), this.u32(entry + 4));
    });
  }
}
