type Expecting = "type" | "length" | "body";

/**
 * Follows the fixed headers of an MQTT byte stream (MQTT 3.1.1, section 2.2), without keeping any of it, to
 * know a packet's declared length before anything is stored for it.
 */
export class PacketGuard {
  readonly #maximumBytes: number;
  #expecting: Expecting = "type";
  #length = 0;
  #shift = 0;

  /** @param maximumBytes largest remaining length of a packet */
  constructor(maximumBytes: number) {
    this.#maximumBytes = maximumBytes;
  }

  /** Returns why the stream must end, or `undefined` while it is fine. */
  accept(bytes: Uint8Array): string | undefined {
    let index = 0;
    while (index < bytes.length) {
      if (this.#expecting === "body") {
        const skipped = Math.min(this.#length, bytes.length - index);
        this.#length -= skipped;
        index += skipped;
        this.#expecting = this.#length === 0 ? "type" : "body";
      } else if (this.#expecting === "type") {
        this.#expecting = "length";
        this.#length = 0;
        this.#shift = 0;
        index += 1;
      } else {
        const problem = this.#acceptLength(bytes[index] ?? 0);
        if (problem !== undefined) {
          return problem;
        }
        index += 1;
      }
    }
    return undefined;
  }

  #acceptLength(byte: number): string | undefined {
    this.#length += (byte & 0x7f) * 2 ** this.#shift;
    this.#shift += 7;
    if (this.#length > this.#maximumBytes) {
      return `a packet of at least ${this.#length} bytes exceeds the limit of ${this.#maximumBytes}`;
    }
    if (byte < 0x80) {
      this.#expecting = this.#length === 0 ? "type" : "body";
      return undefined;
    }
    return this.#shift > 21 ? "a packet's length takes more than four bytes" : undefined;
  }
}
