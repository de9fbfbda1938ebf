/** Reads a WebAssembly binary; every read is inside its bounds. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.position >= this.#bytes.length;
  }

  byte(): number {
    const value = this.#bytes[this.position];
    if (value === undefined) throw new Error("it ends in the middle");
    this.position += 1;
    return value;
  }

  /** Unsigned LEB128 of up to 32 bits. */
  u32(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        if (value > 0xffff_ffff) break;
        return value;
      }
    }
    throw new Error("a number in it is too long");
  }

  bytes(length: number): Uint8Array {
    if (length > this.#bytes.length - this.position) throw new Error("it ends in the middle");
    const slice = this.#bytes.subarray(this.position, this.position + length);
    this.position += length;
    return slice;
  }

  name(): string {
    return new TextDecoder("utf-8", { fatal: true }).decode(this.bytes(this.u32()));
  }
}

/** Unsigned LEB128. */
export function leb(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const byte = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? byte + 128 : byte);
  } while (rest > 0);
  return bytes;
}
