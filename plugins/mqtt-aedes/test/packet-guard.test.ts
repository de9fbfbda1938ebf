import { describe, expect, it } from "vitest";
import { PacketGuard } from "../src/packet-guard.ts";

const packet = (length: number[], body: number): Uint8Array =>
  Uint8Array.from([0x30, ...length, ...new Array(body).fill(0xff)]);

describe("packet guard", () => {
  it("follows packets over any division into chunks", () => {
    const stream = Buffer.concat([
      packet([0], 0),
      packet([3], 3),
      packet([0xac, 0x02], 300),
      packet([0x80, 0x00], 0),
      packet([1], 1),
    ]);
    for (const size of [1, 2, 3, 7, 1000]) {
      const guard = new PacketGuard(300);
      for (let index = 0; index < stream.length; index += size) {
        expect(guard.accept(stream.subarray(index, index + size))).toBeUndefined();
      }
    }
  });

  it("refuses a declared length beyond the limit before the body", () => {
    expect(new PacketGuard(300).accept(packet([0xac, 0x02], 0))).toBeUndefined();
    expect(new PacketGuard(299).accept(packet([0xac, 0x02], 0))).toContain("exceeds the limit of 299");
  });

  it("refuses a length of five bytes", () => {
    expect(new PacketGuard(300_000_000).accept(packet([0xff, 0xff, 0xff, 0x7f], 0))).toBeUndefined();
    expect(new PacketGuard(300_000_000).accept(packet([0x80, 0x80, 0x80, 0x80], 0))).toContain("four bytes");
  });
});
