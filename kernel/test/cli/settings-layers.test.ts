import { describe, expect, it } from "vitest";
import { parseSet, parseSettingsFile } from "../../src/cli/node/settings-layers.ts";

describe("settings.yaml", () => {
  it("names the node and settings by plugin", () => {
    expect(parseSettingsFile("f", "node: pi-7\nplugins:\n  io-net: {connectTimeoutMs: 100}\n")).toEqual({
      node: "pi-7",
      plugins: { "io-net": { connectTimeoutMs: 100 } },
    });
    expect(parseSettingsFile("f", "")).toEqual({ plugins: {} });
  });

  it.each([
    ["[1]", /expected fields/],
    ["node: 7", /node: expected a name/],
    ["plugins: 7", /plugins: expected fields/],
    ["a: &a [*a]", /f: /],
    ["x: 1", /unknown field "x"/],
    [`node: ${"x".repeat(2_000_000)}`, /longer than/],
  ])("refuses %.20s", (text, message) => {
    expect(() => parseSettingsFile("f", text)).toThrow(message);
  });
});

describe("--set", () => {
  it("takes a plugin, a path and a YAML value", () => {
    expect(parseSet("mqtt-aedes.listen.port=1884")).toEqual({ plugins: { "mqtt-aedes": { listen: { port: 1884 } } } });
    expect(parseSet("twins/edge.name=a=b")).toEqual({ plugins: { "twins/edge": { name: "a=b" } } });
  });

  it.each(["x", "x=1", ".a=1", "a.b=["])("refuses %s", (text) => {
    expect(() => parseSet(text)).toThrow(/--set/);
  });
});
