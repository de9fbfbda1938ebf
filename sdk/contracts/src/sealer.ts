import { defineToken } from "@skerry/plugin";

/** Makes what is confidential unreadable for whoever has the node's disk, or a copy of it, and not its key. */
export interface Sealer {
  /** Where the key is, for people. */
  readonly keeper: string;
  /**
   * @param context what the bytes are, and where they belong: they can be opened as that alone
   * @returns other bytes each time; the first is 1, which begins no text
   */
  seal(bytes: Uint8Array, context: string): Uint8Array;
  /** Throws `SKERRY_SEAL_BROKEN` (corrupt: sealed by another key or in another context, damaged, or not sealed). */
  open(sealed: Uint8Array, context: string): Uint8Array;
}

export const Sealer = defineToken<Sealer>("secrets.sealer/1");

/** The first byte of whatever a `Sealer` sealed. */
export const sealedMark = 1;

export function isSealed(bytes: Uint8Array): boolean {
  return bytes[0] === sealedMark;
}
