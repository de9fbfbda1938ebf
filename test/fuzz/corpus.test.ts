import { join } from "node:path";
import { SeededRandom } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { fuzz } from "./fuzz.ts";
import { targetsWith } from "./targets/index.ts";

const targets = targetsWith(join(import.meta.dirname, "../corpus"));

describe("every decoder of what others send", () => {
  it.each(targets.map((target) => [target.name, target] as const))("%s answers whatever comes", async (_, target) => {
    const { crashes, taken } = await fuzz(target, { inputs: 400, random: new SeededRandom(5), time: () => 0 });
    expect(crashes.map(({ error }) => error)).toEqual([]);
    expect(taken, "one that takes nothing is not being tested").toBeGreaterThan(0);
  });

  it("and one that crashes is found out", async () => {
    const seeds = [Buffer.from("abcdefgh")];
    const decode = (bytes: Uint8Array) => {
      if (bytes.length < 4) throw new TypeError("made to crash");
      return true;
    };
    const { crashes } = await fuzz(
      { name: "bad", seeds, decode },
      { inputs: 1_000, random: new SeededRandom(1), time: () => 0 },
    );
    expect(crashes.length).toBeGreaterThan(0);
  });
});
