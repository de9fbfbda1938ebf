import type { DesiredValue } from "@skerry/contracts";
import { describe, expect, it } from "vitest";
import { mergeDesired } from "../../src/shared/merge-desired.ts";
import { version } from "../demo-meter.ts";

const value = (ms: number, more: Partial<DesiredValue> = {}): DesiredValue => ({
  value: ms,
  state: "pending",
  at: "2026-01-01T00:00:00.000Z",
  origin: "cloud",
  version: version(ms),
  ...more,
});

describe("merge of desired values", () => {
  it.each<[string, DesiredValue, DesiredValue]>([
    ["the higher version", value(2), value(1, { state: "applied" })],
    ["the higher version, by origin in the same millisecond", value(1, { version: version(1, "edge") }), value(1)],
    ["a settled state over pending", value(1, { state: "rejected" }), value(1)],
    [
      "the later of two settled states",
      value(1, { state: "rejected", at: "2026-01-01T00:00:00.001Z" }),
      value(1, { state: "applied" }),
    ],
    ["one of two states of the same time", value(1, { state: "rejected" }), value(1, { state: "applied" })],
    ["a version that overrules a higher one", value(3, { overrules: version(9) }), value(9)],
    ["a version above what is overruled", value(10), value(3, { overrules: version(9) })],
  ])("takes %s, whichever way round", (_, winner, loser) => {
    expect(mergeDesired(winner, loser)).toBe(winner);
    expect(mergeDesired(loser, winner)).toBe(winner);
  });
});
