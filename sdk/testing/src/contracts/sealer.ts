import { isSealed, type Sealer } from "@skerry/contracts";
import { describe, expect, it } from "vitest";

export interface SealerContractOptions {
  readonly name: string;
  readonly open: () => Sealer;
}

const broken = expect.objectContaining({ code: "SKERRY_SEAL_BROKEN", family: "corrupt" });

/** What every implementation of `Sealer` promises, as far as a test can see it. */
export function sealerContract({ name, open }: SealerContractOptions): void {
  describe(`sealer contract: ${name}`, () => {
    it.each([0, 1, 16, 100_000])("gives back %d bytes as they were, and shows nothing of them", (length) => {
      const sealer = open();
      const bytes = Buffer.alloc(length, "confidential");
      const sealed = sealer.seal(bytes, "a/b");
      expect(isSealed(sealed)).toBe(true);
      expect(Buffer.from(sealed).includes("confidential")).toBe(false);
      expect(Buffer.from(sealer.open(sealed, "a/b")).equals(bytes)).toBe(true);
    });

    it("seals the same bytes as others each time", () => {
      const sealer = open();
      const [one, two] = [1, 2].map(() => Buffer.from(sealer.seal(Buffer.from("same"), "a")).toString("hex"));
      expect(one).not.toBe(two);
    });

    it("opens in the context it was sealed in, and in no other", () => {
      const sealer = open();
      const sealed = sealer.seal(Buffer.from("x"), "default/one");
      expect(() => sealer.open(sealed, "default/two")).toThrow(broken);
      expect(() => sealer.open(sealed, "")).toThrow(broken);
    });

    it("opens nothing that is not sealed", () => {
      for (const bytes of [Buffer.alloc(0), Buffer.from("{}"), Buffer.from([1]), Buffer.from([1, 2, 3])]) {
        expect(() => open().open(bytes, "a")).toThrow(broken);
      }
    });

    it("says where its key is", () => {
      expect(open().keeper).not.toBe("");
    });
  });
}
