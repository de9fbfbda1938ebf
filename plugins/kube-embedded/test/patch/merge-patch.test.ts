import { expect, it } from "vitest";
import type { JsonValue } from "../../src/kinds.ts";
import { mergePatch } from "../../src/patch/merge-patch.ts";

// The cases of RFC 7386, appendix A.
it.each<[JsonValue, JsonValue, JsonValue]>([
  [{ a: "b" }, { a: "c" }, { a: "c" }],
  [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
  [{ a: "b" }, { a: null }, {}],
  [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
  [{ a: ["b"] }, { a: "c" }, { a: "c" }],
  [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
  [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
  [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
  [
    ["a", "b"],
    ["c", "d"],
    ["c", "d"],
  ],
  [{ a: "b" }, ["c"], ["c"]],
  [{ a: "foo" }, null, null],
  [{ a: "foo" }, "bar", "bar"],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: "b", c: null }, { a: "b" }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
])("patches %j with %j", (target, patch, expected) => {
  const before = structuredClone(target);
  expect(mergePatch(target, patch)).toEqual(expected);
  expect(target).toEqual(before);
});

it("keeps __proto__ an ordinary member", () => {
  const patched = mergePatch({ a: 1 }, JSON.parse('{"__proto__": {"polluted": true}}') as JsonValue);
  expect(Object.getPrototypeOf(patched)).toBe(Object.prototype);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

it("refuses patches without a bottom", () => {
  const deep = JSON.parse(`${'{"a":'.repeat(200)}1${"}".repeat(200)}`) as JsonValue;
  expect(() => mergePatch({}, deep)).toThrow(
    expect.objectContaining({ code: "SKERRY_KUBE_EMBEDDED_PATCH", family: "invalid" }),
  );
});
