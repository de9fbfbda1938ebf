import { describe, expect, it } from "vitest";
import { afterPrefix, deleteKeys, putEntries } from "../src/store-statements.ts";

const entries = (count: number, bytes = 1) =>
  Array.from({ length: count }, (_, index) => ({ key: `k${index}`, value: new Uint8Array(bytes) }));

describe("store statements", () => {
  it("find the end of a prefix", () => {
    expect(["a", "a\uD7FF", "a\u{10FFFF}", "\u{10FFFF}", ""].map(afterPrefix)).toEqual([
      "b",
      "a\uE000",
      "b",
      undefined,
      undefined,
    ]);
  });

  it("use few different texts for all sizes of batches", () => {
    const texts = new Set<string>();
    for (let count = 1; count <= 200; count += 1) {
      for (const { sql } of [
        ...putEntries("a", entries(count)),
        ...deleteKeys(
          "a",
          entries(count).map(({ key }) => key),
        ),
      ]) {
        texts.add(sql);
      }
    }
    expect(texts.size).toBe(18);
  });

  it("fill a group with its smallest row and keep large values apart", () => {
    const [large, small] = [
      { key: "large", value: new Uint8Array(900_000) },
      { key: "small", value: new Uint8Array(1) },
    ];
    const [command] = putEntries("a", [large, small, { key: "middle", value: new Uint8Array(9) }]);
    expect(command?.parameters.filter((parameter) => typeof parameter === "string")).toEqual([
      "large",
      "small",
      "middle",
      "small",
    ]);
    expect(putEntries("a", entries(4, 900_000)).length).toBe(4);
  });
});
