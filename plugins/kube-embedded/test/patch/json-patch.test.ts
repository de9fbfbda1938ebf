import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../../src/kinds.ts";
import { jsonPatch } from "../../src/patch/json-patch.ts";

describe("JSON patch", () => {
  it.each<[string, JsonValue, JsonObject[], JsonValue]>([
    ["adds a member", { a: 1 }, [{ op: "add", path: "/b", value: 2 }], { a: 1, b: 2 }],
    ["adds an item", { a: [1, 3] }, [{ op: "add", path: "/a/1", value: 2 }], { a: [1, 2, 3] }],
    ["appends", { a: [1] }, [{ op: "add", path: "/a/-", value: 2 }], { a: [1, 2] }],
    ["replaces by adding", { a: 1 }, [{ op: "add", path: "/a", value: { b: null } }], { a: { b: null } }],
    ["replaces all", { a: 1 }, [{ op: "add", path: "", value: [] }], []],
    [
      "removes",
      { a: 1, b: [1, 2] },
      [
        { op: "remove", path: "/a" },
        { op: "remove", path: "/b/0" },
      ],
      { b: [2] },
    ],
    ["replaces", { a: [1] }, [{ op: "replace", path: "/a/0", value: 2 }], { a: [2] }],
    ["moves", { a: { b: 1 } }, [{ op: "move", from: "/a/b", path: "/c" }], { a: {}, c: 1 }],
    ["moves within a list", { a: [1, 2, 3] }, [{ op: "move", from: "/a/0", path: "/a/2" }], { a: [2, 3, 1] }],
    ["copies", { a: { b: [1] } }, [{ op: "copy", from: "/a", path: "/c" }], { a: { b: [1] }, c: { b: [1] } }],
    ["tests", { a: { x: 1, y: [2] } }, [{ op: "test", path: "/a", value: { y: [2], x: 1 } }], { a: { x: 1, y: [2] } }],
    [
      "reads escapes",
      { "a/b": 1, "m~n": 2 },
      [
        { op: "remove", path: "/a~1b" },
        { op: "remove", path: "/m~0n" },
      ],
      {},
    ],
    ["takes the empty name", { "": 1 }, [{ op: "replace", path: "/", value: 2 }], { "": 2 }],
  ])("%s", (_, target, operations, expected) => {
    const before = structuredClone(target);
    expect(jsonPatch(target, operations)).toEqual(expected);
    expect(target).toEqual(before);
  });

  it("keeps copies apart", () => {
    const operations = [
      { op: "copy", from: "/a", path: "/b" },
      { op: "add", path: "/b/x", value: 1 },
    ];
    expect(jsonPatch({ a: {} }, operations)).toEqual({ a: {}, b: { x: 1 } });
  });

  it.each<[string, JsonObject, RegExp]>([
    ["a missing member", { op: "remove", path: "/x" }, /there is no "x"/],
    ["a missing parent", { op: "add", path: "/x/y", value: 1 }, /there is no "x"/],
    ["an index out of bounds", { op: "add", path: "/a/3", value: 1 }, /index 3 is out of bounds/],
    ["an index with a leading zero", { op: "replace", path: "/a/00", value: 1 }, /"00" is no array index/],
    ["a replacement of nothing", { op: "replace", path: "/x", value: 1 }, /there is no "x"/],
    ["a failed test", { op: "test", path: "/a/0", value: 2 }, /the value is another one/],
    ["a test of nothing", { op: "test", path: "/x", value: 2 }, /there is no "x"/],
    ["a move into itself", { op: "move", from: "/a", path: "/a/0" }, /moved into itself/],
    ["an unknown operation", { op: "merge", path: "/a" }, /unknown operation "merge"/],
    ["no value", { op: "add", path: "/b" }, /it has no value/],
    ["no path", { op: "add", value: 1 }, /path is not a string/],
    ["a broken pointer", { op: "remove", path: "a" }, /does not start with/],
    ["a broken escape", { op: "remove", path: "/a~2" }, /escapes nothing/],
    ["removing everything", { op: "remove", path: "" }, /cannot be removed/],
    ["a member of a scalar", { op: "add", path: "/s/x", value: 1 }, /no members/],
    ["the prototype", { op: "add", path: "/__proto__/x", value: 1 }, /__proto__/],
    ["an inherited member", { op: "remove", path: "/constructor" }, /there is no "constructor"/],
  ])("names the operation that fails for %s", (_, operation, message) => {
    const patch = () => jsonPatch({ a: [1, 2], s: "x" }, [{ op: "test", path: "/a/0", value: 1 }, operation]);
    expect(patch).toThrow(expect.objectContaining({ code: "SKERRY_KUBE_EMBEDDED_PATCH", family: "invalid" }));
    expect(patch).toThrow(message);
    expect(patch).toThrow(`operation 1 ${JSON.stringify({ op: operation["op"], path: operation["path"] ?? null })}`);
  });

  it("bounds copies of copies", () => {
    const doubling = Array.from({ length: 64 }, (_, index) => ({ op: "copy", from: "/a", path: `/a/x${index}` }));
    expect(() => jsonPatch({ a: { big: "x".repeat(1000) } }, doubling)).toThrow(/copies more than/);
  });

  it("bounds the depth of what it makes", () => {
    const path = "/a".repeat(100);
    const deeper = { op: "move", from: "/b", path: `${path}/b` };
    const value = JSON.parse(`${'{"a":'.repeat(100)}{}${"}".repeat(100)}`) as JsonValue;
    const operations = [{ op: "add", path: "/b", value }, deeper];
    expect(() => jsonPatch(value, operations)).toThrow(/nested deeper/);
  });
});
