import type { Random } from "@skerry/contracts";
import { describe, expect, it } from "vitest";

export interface RandomContractOptions {
  readonly name: string;
  readonly open: () => Random;
}

const version4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** What every implementation of `Random` promises, as far as a test can see it. */
export function randomContract({ name, open }: RandomContractOptions): void {
  describe(`random contract: ${name}`, () => {
    it("draws numbers from all of [0, 1)", () => {
      const random = open();
      const drawn = Array.from({ length: 10_000 }, () => random.next());
      expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...drawn)).toBeLessThan(1);
      for (let tenth = 0; tenth < 10; tenth += 1) {
        const share = drawn.filter((number) => Math.floor(number * 10) === tenth).length;
        expect(share).toBeGreaterThan(800);
        expect(share).toBeLessThan(1200);
      }
    });

    it("gives as many bytes as asked for, of every value", () => {
      const random = open();
      expect(random.bytes(0)).toEqual(new Uint8Array(0));
      expect(random.bytes(33)).toHaveLength(33);
      expect(new Set(random.bytes(8192)).size).toBe(256);
      expect(random.bytes(16)).not.toEqual(random.bytes(16));
    });

    it("gives bytes that belong to the caller", () => {
      const random = open();
      const first = random.bytes(8);
      const kept = Uint8Array.from(first);
      random.bytes(8).fill(0);
      expect(first).toEqual(kept);
      expect(first.buffer.byteLength).toBe(8);
    });

    it("gives a version 4 UUID, another each time", () => {
      const random = open();
      const drawn = Array.from({ length: 100 }, () => random.uuid());
      for (const uuid of drawn) expect(uuid).toMatch(version4);
      expect(new Set(drawn).size).toBe(100);
    });
  });
}
