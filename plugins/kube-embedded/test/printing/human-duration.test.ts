import { expect, it } from "vitest";
import { ageOf, humanDuration } from "../../src/printing/human-duration.ts";

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];

it.each<[number, string]>([
  [-2 * second, "<invalid>"],
  [-second, "0s"],
  [0, "0s"],
  [5 * second, "5s"],
  [119 * second, "119s"],
  [2 * minute, "2m"],
  [3 * minute + 20 * second, "3m20s"],
  [10 * minute + 20 * second, "10m"],
  [179 * minute, "179m"],
  [3 * hour, "3h"],
  [5 * hour + 7 * minute, "5h7m"],
  [8 * hour + 7 * minute, "8h"],
  [47 * hour, "47h"],
  [2 * day + 3 * hour, "2d3h"],
  [8 * day + 3 * hour, "8d"],
  [400 * day, "400d"],
  [731 * day, "2y1d"],
  [9 * 365 * day + day, "9y"],
])("prints %i ms as %s", (milliseconds, expected) => {
  expect(humanDuration(milliseconds)).toBe(expected);
});

it("prints ages of times", () => {
  const now = new Date("2026-01-01T00:10:00Z");
  expect(ageOf("2026-01-01T00:00:00Z", now)).toBe("10m");
  expect(ageOf(undefined, now)).toBe("<unknown>");
  expect(ageOf("yesterday", now)).toBe("<invalid>");
});
