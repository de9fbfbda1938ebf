import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import { type Random, sealedMark, sealerErrors } from "@skerry/contracts";

/** Bytes of the parts before the ciphertext: mark, id of the key, nonce, authentication tag. */
const [markBytes, idBytes, nonceBytes, tagBytes] = [1, 4, 12, 16];
const headBytes = markBytes + idBytes + nonceBytes + tagBytes;
export const keyBytes = 32;

/** AES-256-GCM with a random nonce (NIST SP 800-38D, 8.2.2); the context is authenticated with it. */
export class AesSealer {
  readonly #key: Uint8Array;
  readonly #id: Buffer;
  readonly #random: Pick<Random, "bytes">;

  /** @param random unpredictable: a nonce that came twice would betray what was sealed */
  constructor(key: Uint8Array, random: Pick<Random, "bytes">) {
    this.#key = key;
    this.#random = random;
    this.#id = createHash("sha256").update("skerry seal key id").update(key).digest().subarray(0, idBytes);
  }

  seal(bytes: Uint8Array, context: string): Uint8Array {
    const nonce = this.#random.bytes(nonceBytes);
    const cipher = createCipheriv("aes-256-gcm", this.#key, nonce).setAAD(Buffer.from(context, "utf8"));
    const sealed = Buffer.concat([cipher.update(bytes), cipher.final()]);
    return Buffer.concat([Buffer.of(sealedMark), this.#id, nonce, cipher.getAuthTag(), sealed]);
  }

  open(sealed: Uint8Array, context: string): Uint8Array {
    const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
    if (bytes.length < headBytes || bytes[0] !== sealedMark) throw broken(context, "it is not sealed");
    const rest = bytes.subarray(markBytes);
    if (!rest.subarray(0, idBytes).equals(this.#id)) throw broken(context, "another key sealed it");
    const nonce = rest.subarray(idBytes, idBytes + nonceBytes);
    const tag = rest.subarray(idBytes + nonceBytes, idBytes + nonceBytes + tagBytes);
    try {
      const decipher = createDecipheriv("aes-256-gcm", this.#key, nonce, { authTagLength: tagBytes });
      decipher.setAAD(Buffer.from(context, "utf8")).setAuthTag(tag);
      return Buffer.concat([decipher.update(bytes.subarray(headBytes)), decipher.final()]);
    } catch (cause) {
      throw broken(context, "it was damaged, or belongs elsewhere", cause);
    }
  }
}

function broken(context: string, problem: string, cause?: unknown) {
  return sealerErrors.create("SKERRY_SEAL_BROKEN", { context, problem }, cause);
}
