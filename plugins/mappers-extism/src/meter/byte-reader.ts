import { errors } from "../errors.ts";

/** Reads a WebAssembly binary. Every read is checked against the end; a number is never longer than its type allows. */
export class ByteReader {
  offset: number;
  readonly end: number;
  readonly #start: number;

  constructor(
    readonly bytes: Uint8Array,
    offset = 0,
    end = bytes.length,
  ) {
    this.offset = offset;
    this.end = end;
    this.#start = offset;
  }

  /** All its bytes, whatever was read of them. */
  get whole(): Uint8Array {
    return this.bytes.subarray(this.#start, this.end);
  }

  get isAtEnd(): boolean {
    return this.offset === this.end;
  }

  u8(): number {
    const byte = this.offset < this.end ? this.bytes[this.offset] : undefined;
    if (byte === undefined) throw this.invalid("it ends early");
    this.offset++;
    return byte;
  }

  u32(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.u8();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        if (value > 0xffff_ffff) break;
        return value;
      }
    }
    throw this.invalid("a number is longer than 32 bits");
  }

  /** Steps over a signed number of at most `bits` bits. */
  skipSigned(bits: 32 | 33 | 64): void {
    for (let read = 0; read < Math.ceil(bits / 7); read++) {
      if (this.u8() < 0x80) return;
    }
    throw this.invalid(`a number is longer than ${bits} bits`);
  }

  /** The next `count` bytes, not copied. */
  take(count: number): Uint8Array {
    const from = this.offset;
    this.skip(count);
    return this.bytes.subarray(from, from + count);
  }

  skip(count: number): void {
    if (count > this.end - this.offset) throw this.invalid("a length goes beyond the end");
    this.offset += count;
  }

  /** What was not read yet. */
  rest(): Uint8Array {
    return this.take(this.end - this.offset);
  }

  /** A reader of the next `count` bytes; this one continues behind them. */
  part(count: number): ByteReader {
    const from = this.offset;
    this.skip(count);
    return new ByteReader(this.bytes, from, from + count);
  }

  invalid(problem: string) {
    return errors.create("SKERRY_METER_INVALID", { problem: `${problem} (at byte ${this.offset})` });
  }

  unsupported(feature: string) {
    return errors.create("SKERRY_METER_UNSUPPORTED", { feature, offset: this.offset - 1 });
  }
}
