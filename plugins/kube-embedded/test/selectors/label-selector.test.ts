import { describe, expect, it } from "vitest";
import { parseLabelSelector } from "../../src/selectors/label-selector.ts";

const labels = { tier: "front", "skerry.dev/node": "pi-7", generation: "12", empty: "" };

describe("label selectors", () => {
  it.each<[string, boolean]>([
    ["", true],
    ["  ", true],
    ["tier=front", true],
    ["tier==front", true],
    ["tier = back", false],
    ["tier!=back", true],
    ["tier!=front", false],
    ["missing!=x", true],
    ["tier in (front,back)", true],
    ["tier in ( back )", false],
    ["tier notin (back)", true],
    ["missing notin (x)", true],
    ["missing in ()", false],
    ["tier", true],
    ["missing", false],
    ["!missing", true],
    ["! tier", false],
    ["skerry.dev/node=pi-7,tier,!missing", true],
    ["tier in (front), skerry.dev/node notin (pi-7)", false],
    ["empty=", true],
    ["tier=", false],
    ["generation>11,generation<13", true],
    ["generation>12", false],
    ["tier>1", false],
    ["toString", false],
    ["in", false],
  ])("reads %j", (text, expected) => {
    expect(parseLabelSelector(text)(labels)).toBe(expected);
  });

  it.each([
    ",",
    "tier=front,",
    "=x",
    "tier in front",
    "tier in (a",
    "tier=a b",
    "a b",
    "tier=a=b",
    "bad key!/x",
    "-a",
    "tier=-",
    "tier>x",
    "!a=b",
    "x".repeat(20_000),
  ])("refuses %j", (text) => {
    const problem = { code: "SKERRY_KUBE_EMBEDDED_SELECTOR", family: "invalid" };
    expect(() => parseLabelSelector(text)).toThrow(expect.objectContaining(problem));
  });
});
