import { writeVarint } from "./varint.ts";

/** Collects the fields of a frame in order. */
export class ByteWriter {
  readonly #parts: Uint8Array[] = [];
  #small: number[] = [];

  byte(value: number): this {
    this.#small.push(value);
    return this;
  }

  varint(value: number): this {
    writeVarint(this.#small, value);
    return this;
  }

  /** A varint of its length in bytes, and UTF-8. */
  text(value: string): this {
    return this.sized(Buffer.from(value));
  }

  /** A varint of the length, and the bytes. */
  sized(bytes: Uint8Array): this {
    return this.varint(bytes.length).raw(bytes);
  }

  /** As they are: the reader knows how many. */
  raw(bytes: Uint8Array): this {
    this.#flush();
    this.#parts.push(bytes);
    return this;
  }

  /** JSON to the end of the frame. */
  json(value: unknown): this {
    return this.raw(Buffer.from(JSON.stringify(value)));
  }

  take(): Uint8Array {
    this.#flush();
    const [only] = this.#parts;
    return this.#parts.length === 1 && only ? only : Buffer.concat(this.#parts);
  }

  #flush(): void {
    if (this.#small.length > 0) this.#parts.push(Uint8Array.from(this.#small));
    this.#small = [];
  }
}
