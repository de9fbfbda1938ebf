import { describe, expect, it } from "vitest";
import { amountsOf, largest, sum } from "../../../src/controllers/scheduler/amounts.ts";
import type { JsonValue } from "../../../src/kinds.ts";
import { quantityOf } from "../../../src/registry/builtin/quantity.ts";

describe("a quantity", () => {
  it.each<[string, number]>([
    ["0", 0],
    ["1", 1],
    ["0.5", 0.5],
    [".5", 0.5],
    ["5.", 5],
    ["+1", 1],
    ["-1", -1],
    ["100m", 0.1],
    ["3n", 3e-9],
    ["3u", 3e-6],
    ["2k", 2000],
    ["1.5G", 1.5e9],
    ["1Ki", 1024],
    ["1.5Gi", 1_610_612_736],
    ["2Ei", 2 ** 61],
    ["1E", 1e18],
    ["1e3", 1000],
    ["1E3", 1000],
    ["12e-1", 1.2],
  ])("%s", (text, value) => {
    expect(quantityOf(text)).toBeCloseTo(value, 12);
  });

  it("is a number as well", () => {
    expect(quantityOf(2)).toBe(2);
  });

  it.each<JsonValue>(["", "m", "1 Gi", "1gi", "1K", "0x10", "1e", "1.2.3", "--1", null, true, []])(
    "is not %j",
    (it) => {
      expect(quantityOf(it)).toBeUndefined();
    },
  );
});

describe("amounts", () => {
  it.each<[string, string, number]>([
    ["cpu", "1", 1000],
    ["cpu", "0.29", 290],
    ["cpu", "1.0001", 1001],
    ["memory", "0.1Ki", 103],
    ["memory", "900m", 1],
    ["example.com/radio", "3", 3],
    ["memory", "0", 0],
    ["memory", "much", 0],
  ])("of %s: %s in whole units", (name, quantity, units) => {
    expect(amountsOf({ [name]: quantity }).get(name)).toBe(units);
  });

  it("add up and compare by resource", () => {
    const [left, right] = [amountsOf({ cpu: "1", memory: "1" }), amountsOf({ cpu: "2", pods: "3" })];
    expect(Object.fromEntries(sum(left, right))).toEqual({ cpu: 3000, memory: 1, pods: 3 });
    expect(Object.fromEntries(largest(left, right))).toEqual({ cpu: 2000, memory: 1, pods: 3 });
    expect(amountsOf(undefined).size).toBe(0);
  });
});
