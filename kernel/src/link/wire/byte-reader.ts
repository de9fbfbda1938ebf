import { parseBody } from "./json-body.ts";
import { readVarint } from "./varint.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads the fields of a frame in order. Nothing throws and nothing is allocated for a declared length: a field that
 * is not there reads as empty, and from then on {@link isWhole} is false.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #failed = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Every field was there, and nothing is left over. */
  get isWhole(): boolean {
    return !this.#failed && this.#at === this.#bytes.length;
  }

  /** There are more fields to read. */
  get hasMore(): boolean {
    return !this.#failed && this.#at < this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) return this.fail(0);
    this.#at += 1;
    return byte;
  }

  varint(): number {
    const read = readVarint(this.#bytes, this.#at);
    if (!read) return this.fail(0);
    this.#at = read.end;
    return read.value;
  }

  /** Text of at least one and at most so many bytes. */
  text(limit: number): string {
    const bytes = this.sized(limit);
    if (bytes.length === 0) return this.fail("");
    try {
      return decoder.decode(bytes);
    } catch {
      return this.fail("");
    }
  }

  /** Bytes with their length before them. */
  sized(limit: number): Uint8Array {
    const length = this.varint();
    return length > limit ? this.fail(new Uint8Array()) : this.raw(length);
  }

  /** So many bytes; a view of the frame. */
  raw(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at) return this.fail(new Uint8Array());
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** All that is left; a view of the frame. */
  rest(): Uint8Array {
    return this.raw(this.#bytes.length - this.#at);
  }

  /** JSON to the end of the frame. */
  json(limit: number): unknown {
    return this.#parsed(this.rest(), limit);
  }

  /** JSON with its length before it. */
  sizedJson(limit: number): unknown {
    return this.#parsed(this.sized(limit), limit);
  }

  /** What was read is not acceptable. */
  fail<T>(value: T): T {
    this.#failed = true;
    return value;
  }

  #parsed(bytes: Uint8Array, limit: number): unknown {
    const value = parseBody(bytes, limit);
    return value === undefined ? this.fail(undefined) : value;
  }
}
