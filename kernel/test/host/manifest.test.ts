import { describe, expect, it } from "vitest";
import { readManifest } from "../../src/host/manifest.ts";
import { manifest } from "./fixtures.ts";

const problems = (source: unknown) => {
  const read = readManifest(source);
  if (!("problems" in read)) return [];
  for (const { code } of read.problems) expect(code).toBe("SKERRY_BOOT_BAD_MANIFEST");
  return read.problems.map(({ message }) => message.replace(/^a: plugin\.json: /, ""));
};
const setting = (schema: unknown) => problems({ ...manifest("a"), settings: { properties: { port: schema } } });

describe("manifest", () => {
  it("is accepted with every field there is", () => {
    const full = {
      ...manifest("role-technology"),
      provides: ["a.b/1"],
      requires: ["c.d/2"],
      optional: ["e.f/10"],
      extensionPoints: ["g.h/1"],
      contributes: ["i.j/1"],
      capabilities: ["net.connect", "net.listen", "fs.read", "fs.write", "process.spawn"],
      settings: { properties: {} },
      essential: false,
      startWithinMs: 1,
      supports: { durable: true },
    };
    expect(readManifest(full)).toEqual({ manifest: full });
  });

  it.each([
    [[], "a plugin without id: plugin.json: /: expected an object, found []"],
    [null, "a plugin without id: plugin.json: /: expected an object, found null"],
    ["{}", 'a plugin without id: plugin.json: /: expected an object, found "{}"'],
    [{ ...manifest("a"), provides: "a.b/1" }, 'provides: expected a list, found "a.b/1"'],
    [
      { ...manifest("a"), requires: ["a.b/1", "a.b", "a.b/1"] },
      'requires[1]: expected `<area>.<name>/<major>`, found "a.b"',
    ],
    [{ ...manifest("a"), capabilities: ["fs"] }, /^capabilities\[0\]: expected one of net\.connect.*, found "fs"$/],
    [{ ...manifest("a"), essential: "no" }, 'essential: expected true or false, found "no"'],
    [{ ...manifest("a"), startWithinMs: 0 }, "startWithinMs: expected whole milliseconds, 1 to 86400000, found 0"],
    [{ ...manifest("a"), startWithinMs: 1e12 }, /^startWithinMs: .*, found 1000000000000$/],
    [{ ...manifest("a"), supports: { durable: 1 } }, /^supports: expected true or false by feature/],
    [{ ...manifest("a"), require: [] }, /^require: expected one of id, summary, .*, found this field$/],
    [{ ...manifest("a"), settings: [] }, "settings: expected {properties: {…}}, found []"],
  ])("is refused by path, expected and found: %j", (source, expected) => {
    const [first = ""] = problems(source);
    if (typeof expected === "string") expect(first).toBe(expected);
    else expect(first).toMatch(expected);
  });

  it("names each thing once", () => {
    expect(problems({ ...manifest("a"), provides: ["a.b/1", "a.b/1"] })).toEqual([
      'provides[1]: expected each once, found "a.b/1"',
    ]);
  });

  it.each([
    [null, /port: expected a schema, found null/],
    [{ description: "a port" }, /port\.type: expected string, integer, .*, found nothing/],
    [{ type: "int", description: "a port" }, /port\.type: expected string, integer, .*, found "int"/],
    [{ type: "integer" }, /port\.description: expected a sentence, found nothing/],
    [{ type: "integer", description: "a port", minimun: 1 }, /port\.minimun: expected one of type, /],
    [{ type: "integer", description: "a port", pattern: "1" }, /port\.pattern: expected no pattern on type integer/],
    [{ type: "string", description: "a port", pattern: "[" }, /port\.pattern: expected a regular expression/],
    [{ type: "string", description: "a port", minimum: 1 }, /port\.minimum: expected no minimum on type string/],
    [{ type: "integer", description: "a port", default: "80" }, /port\.default: expected an integer, found "80"/],
    [{ type: "integer", description: "a port", default: 0, minimum: 1 }, /port\.default: expected at least 1, found 0/],
    [{ type: "array", description: "ports", items: { type: "port" } }, /port\.items\.type: expected string/],
    [
      { type: "object", description: "a port", properties: { number: { type: "integer" } } },
      /port\.properties\.number\.description: expected a sentence/,
    ],
  ])("is refused with a schema of settings that could not be used: %j", (schema, expected) => {
    const found = setting(schema);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });
});
