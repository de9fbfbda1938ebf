import { errors } from "../errors.ts";

/** Collects bytes up to a limit; over it `SKERRY_METER_TOO_LARGE` is thrown. */
export class ByteWriter {
  #bytes: Uint8Array;
  #length = 0;
  readonly #limit: number;

  constructor(limit: number, expected = 256) {
    this.#limit = limit;
    this.#bytes = new Uint8Array(Math.min(expected, limit));
  }

  get length(): number {
    return this.#length;
  }

  /** What was written; valid until the next write. */
  get written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  u8(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = byte;
  }

  u32(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      this.u8((rest % 128) | 0x80);
      rest = Math.floor(rest / 128);
    }
    this.u8(rest);
  }

  /** `i32.const` and its immediate. */
  i32Const(value: number): void {
    this.u8(0x41);
    let rest = value | 0;
    let byte = rest & 0x7f;
    rest >>= 7;
    // The last byte's bit 6 is the sign.
    while (rest !== ((byte & 0x40) === 0 ? 0 : -1)) {
      this.u8(byte | 0x80);
      byte = rest & 0x7f;
      rest >>= 7;
    }
    this.u8(byte);
  }

  bytes(source: Uint8Array): void {
    this.#reserve(source.length);
    this.#bytes.set(source, this.#length);
    this.#length += source.length;
  }

  /** A section: its id, its length, its content. */
  section(id: number, content: Uint8Array): void {
    this.u8(id);
    this.u32(content.length);
    this.bytes(content);
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    if (needed > this.#limit) throw errors.create("SKERRY_METER_TOO_LARGE", { found: needed, limit: this.#limit });
    const larger = new Uint8Array(Math.min(this.#limit, Math.max(needed, this.#bytes.length * 2)));
    larger.set(this.written);
    this.#bytes = larger;
  }
}
