import { badRequest } from "../../api/status-error.ts";

export interface WireField {
  readonly number: number;
  /** A number for varints, bytes for everything with a length. */
  readonly value: number | Uint8Array;
}

/**
 * The fields of one protobuf message in order. Only varints and length-delimited fields are known, which
 * is all that the Kubernetes API uses; a length never reaches beyond the bytes there are.
 */
export function* readFields(bytes: Uint8Array): Generator<WireField> {
  const reader = new Reader(bytes);
  while (!reader.isAtEnd) {
    const tag = reader.varint();
    const number = Math.floor(tag / 8);
    if (tag % 8 === 0) yield { number, value: reader.varint() };
    else if (tag % 8 === 2) yield { number, value: reader.delimited() };
    else throw broken(`wire type ${tag % 8} is not known`);
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** At most ten bytes; negative numbers are two's complement of 64 bits. */
  varint(): number {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw broken("it ends inside a number");
      value |= BigInt(byte & 0x7f) << shift;
      if (byte >= 0x80) continue;
      const signed = Number(BigInt.asIntN(64, value));
      if (!Number.isSafeInteger(signed)) throw broken(`the integer ${value} is beyond ±(2^53 - 1)`);
      return signed;
    }
    throw broken("a number is longer than ten bytes");
  }

  delimited(): Uint8Array {
    const length = this.varint();
    if (length < 0 || length > this.#bytes.length - this.#at) throw broken("a field is longer than the message");
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

export function broken(problem: string) {
  return badRequest(`the body is not a valid Kubernetes protobuf message: ${problem}`);
}
