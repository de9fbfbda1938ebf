import { budgets } from "../wire/budgets.ts";
import type { Message } from "../wire/message.ts";

/** The parts of one lane that have come, and the credit that its sender has left. */
export class IncomingLane {
  readonly #grantAt: number;
  #parts: Uint8Array[] = [];
  #bytes = 0;
  #isDeflated = false;
  #credit: number;
  #consumed = 0;

  /**
   * @param credit bytes that the sender may send at first
   * @param grantAt bytes that must be consumed before more credit is given: small answers would cost more than they bring
   */
  constructor(credit: number, grantAt: number) {
    this.#credit = credit;
    this.#grantAt = grantAt;
  }

  /** Takes a part in, unless the sender breaks a rule: then says which. */
  add({ part, isDeflated, hasMore }: Message): string | undefined {
    if (hasMore && part.length < budgets.leastPartBytes) return "a part of too few bytes";
    if (part.length > this.#credit) return "more bytes than there was credit for";
    if (this.#parts.length > 0 && isDeflated !== this.#isDeflated) return "a part of another frame";
    if (this.#bytes + part.length > budgets.frameBytes) return "a frame over its budget";
    this.#credit -= part.length;
    this.#isDeflated = isDeflated;
    this.#parts.push(part);
    this.#bytes += part.length;
    return undefined;
  }

  /** The frame that the parts make. */
  take(): Uint8Array {
    const [only] = this.#parts;
    const frame = this.#parts.length === 1 && only ? only : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#bytes = 0;
    return frame;
  }

  /** So many bytes are done with. @returns the credit to give now */
  consumed(bytes: number): number {
    this.#consumed += bytes;
    if (this.#consumed < this.#grantAt) return 0;
    const granted = this.#consumed;
    this.#consumed = 0;
    this.#credit += granted;
    return granted;
  }
}
