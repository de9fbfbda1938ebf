import { describe, expect, it } from "vitest";
import { defineErrors, errorCode, errorFamily, errorMessage, SkerryError } from "../src/index.ts";

const errors = defineErrors({
  SKERRY_TEST_TIDE: {
    family: "unavailable",
    message: "{place}: expected {expected} m, found {found}",
    advice: "Wait at {place}.",
  },
  SKERRY_TEST_PLAIN: { family: "misuse", message: "no", advice: "Do not." },
});

describe("an error of a table", () => {
  it("has code, family, and message and advice filled from the details", () => {
    const cause = new Error("moon");
    const error = errors.create("SKERRY_TEST_TIDE", { place: "the rock", expected: 2, found: "{place}" }, cause);
    expect(error).toBeInstanceOf(SkerryError);
    expect(error).toMatchObject({
      name: "SkerryError",
      code: "SKERRY_TEST_TIDE",
      family: "unavailable",
      message: "the rock: expected 2 m, found {place}",
      advice: "Wait at the rock.",
      details: { place: "the rock", expected: 2, found: "{place}" },
      cause,
    });
  });

  it("without a cause has none", () => {
    expect("cause" in errors.create("SKERRY_TEST_PLAIN", {})).toBe(false);
  });

  it("does not compile without its details, or with an unknown code", () => {
    // @ts-expect-error found is missing
    expect(errors.create("SKERRY_TEST_TIDE", { place: "a", expected: 1 }).message).toContain("{found}");
    // @ts-expect-error there is no such code
    expect(() => errors.create("SKERRY_TEST_NONE", {})).toThrow();
  });
});

describe("anything thrown", () => {
  it("has a code when it says one", () => {
    expect(errorCode(errors.create("SKERRY_TEST_PLAIN", {}))).toBe("SKERRY_TEST_PLAIN");
    expect(errorCode(Object.assign(new Error("x"), { code: "ENOENT" }))).toBe("ENOENT");
    expect([errorCode(Object.assign(new Error("x"), { code: 7 })), errorCode("x"), errorCode(undefined)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("has a family; what does not say one is a bug", () => {
    expect(errorFamily(errors.create("SKERRY_TEST_PLAIN", {}))).toBe("misuse");
    expect([errorFamily(new Error("x")), errorFamily("x"), errorFamily(null)]).toEqual(["bug", "bug", "bug"]);
  });

  it("has a message", () => {
    expect([errorMessage(new Error("x")), errorMessage("y"), errorMessage(undefined)]).toEqual(["x", "y", "undefined"]);
  });
});
