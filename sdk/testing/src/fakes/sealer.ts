import { type Sealer, sealedMark, sealerErrors } from "@skerry/contracts";

/** Hides bytes from a glance, and not from anybody else: each is turned over, and the context is kept with them. */
export class FakeSealer implements Sealer {
  readonly keeper = "test";
  #count = 0;

  seal(bytes: Uint8Array, context: string): Uint8Array {
    const about = Buffer.from(context, "utf8");
    const head = Buffer.alloc(7);
    head[0] = sealedMark;
    head.writeUInt32LE(++this.#count, 1);
    head.writeUInt16LE(about.length, 5);
    return Buffer.concat([head, about, Uint8Array.from(bytes, (byte) => byte ^ 0xff)]);
  }

  open(sealed: Uint8Array, context: string): Uint8Array {
    const bytes = Buffer.from(sealed);
    const end = bytes.length < 7 ? 0 : 7 + bytes.readUInt16LE(5);
    if (bytes[0] !== sealedMark || bytes.toString("utf8", 7, end) !== context) {
      throw sealerErrors.create("SKERRY_SEAL_BROKEN", { context, problem: "it was damaged, or belongs elsewhere" });
    }
    return Uint8Array.from(bytes.subarray(end), (byte) => byte ^ 0xff);
  }
}
