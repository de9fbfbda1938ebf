import type { DeviceProperty, JsonValue } from "@skerry/contracts";
import { describe, expect, it } from "vitest";
import { refuseDesired, refuseReported } from "../../src/shared/property-value.ts";

const property = (type: DeviceProperty["type"], more: Partial<DeviceProperty> = {}): DeviceProperty => ({
  name: "p",
  type,
  access: "readWrite",
  visit: {},
  ...more,
});

describe("a desired value", () => {
  it.each<[DeviceProperty, JsonValue]>([
    [property("boolean"), false],
    [property("integer", { minimum: -5, maximum: 5 }), -5],
    [property("number", { minimum: 1, maximum: 80 }), 80],
    [property("string"), ""],
    [property("bytes"), ""],
    [property("bytes"), "aGk="],
    [property("object"), { a: [null, { b: null }], c: {} }],
    [property("object", { enum: [{ a: 1, b: 2 }] }), { b: 2, a: 1 }],
    [property("string", { access: "write", enum: ["auto", "off"] }), "off"],
  ])("fits: %j %j", (definition, value) => {
    expect(refuseDesired(definition, value)).toBeUndefined();
  });

  it.each<[DeviceProperty, JsonValue, string]>([
    [property("boolean"), 1, "expected a boolean, found the number 1"],
    [property("boolean"), null, "expected a boolean, found null"],
    [property("integer"), 1.5, "expected a whole number, found the number 1.5"],
    [property("integer"), 2 ** 53, "expected a whole number, found the number 9007199254740992"],
    [property("number"), "5", 'expected a number, found the string "5"'],
    [property("number"), [5], "expected a number, found an array"],
    [property("string"), { a: 1 }, "expected a string, found an object"],
    [property("bytes"), "a-b=", 'expected bytes as base64, found the string "a-b="'],
    [property("object"), [], "expected an object, found an array"],
    [property("object"), { a: { b: null } }, "an object must not have members that are null"],
    [property("number", { minimum: 1, unit: "A" }), 0.5, "0.5 is below the minimum 1 A"],
    [property("number", { maximum: 80, unit: "A" }), 90, "90 is above the maximum 80 A"],
    [property("integer", { maximum: 3 }), 4, "4 is above the maximum 3"],
    [property("string", { enum: ["auto", "off"] }), "on", '"on" is none of "auto", "off"'],
    [property("boolean", { access: "read" }), true, "it can only be read"],
  ])("does not fit: %j %j", (definition, value, reason) => {
    expect(refuseDesired(definition, value) ?? "").toBe(reason);
  });

  it("of a type from another version is refused", () => {
    const odd = { ...property("number"), type: "colour" } as unknown as DeviceProperty;
    expect(refuseDesired(odd, 1)).toBe('its type "colour" is none that this version knows');
  });
});

describe("a reported value", () => {
  it("may be out of the range that limits desired values", () => {
    expect(refuseReported(property("number", { maximum: 80, enum: [1] }), 90)).toBeUndefined();
  });

  it("of a property that is only written does not fit", () => {
    expect(refuseReported(property("number", { access: "write" }), 1)).toBe("it can only be written, not read");
  });

  it("is quoted only in part in a reason", () => {
    expect(refuseReported(property("number"), "x".repeat(100))).toBe(
      `expected a number, found the string "${"x".repeat(38)}…`,
    );
  });
});
