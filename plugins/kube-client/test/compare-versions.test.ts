import { describe, expect, it } from "vitest";
import { compareVersions, isAtLeast } from "../src/watch/compare-versions.ts";

describe("versions", () => {
  it("are compared as numbers of any length", () => {
    const rising = ["1", "9", "10", "99", "100", "9007199254740993", "90071992547409930"];
    for (const [index, version] of rising.entries()) {
      const signs = rising.map((other) => Math.sign(compareVersions(version, other) ?? Number.NaN));
      expect(signs).toEqual(rising.map((_, other) => Math.sign(index - other)));
    }
  });

  it.each([
    ["0", "1"],
    ["a", "b"],
    ["01", "1"],
    ["-1", "1"],
    ["", "1"],
    [undefined, "1"],
  ])("that are no numbers above 0 are not: %s", (left, right) => {
    expect(compareVersions(left, right)).toBeUndefined();
    expect(isAtLeast(right, left)).toBe(false);
  });

  it("are at least another when they are the same, whatever they look like", () => {
    expect([isAtLeast("x", "x"), isAtLeast("2", "2"), isAtLeast("3", "2"), isAtLeast("2", "3")]).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});
