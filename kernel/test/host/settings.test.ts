import type { SettingsSchema } from "@skerry/plugin";
import { describe, expect, it } from "vitest";
import { readSettings } from "../../src/host/settings.ts";
import { mergeSettings, settingsFromEnvironment } from "../../src/host/settings-layers.ts";

const schema: SettingsSchema = {
  properties: {
    url: { type: "string", description: "where", required: true, pattern: "^wss://" },
    retries: { type: "integer", description: "how often", default: 3, minimum: 0, maximum: 9 },
    mode: { type: "string", description: "how", enum: ["fast", "safe"], default: "safe" },
    listen: {
      type: "object",
      description: "where it listens",
      properties: {
        host: { type: "string", description: "address", default: "127.0.0.1" },
        port: { type: "integer", description: "port", default: 0 },
      },
    },
    peers: { type: "array", description: "names", items: { type: "string" } },
    password: { type: "string", description: "secret", secret: true, pattern: "^.{8,}$" },
  },
};

describe("settings", () => {
  it("have their defaults, nested ones too, and cannot be changed", () => {
    const { settings, problems } = readSettings(schema, { url: "wss://a" });
    expect(problems).toEqual([]);
    expect(settings).toEqual({ url: "wss://a", retries: 3, mode: "safe", listen: { host: "127.0.0.1", port: 0 } });
    expect(Object.isFrozen(settings["listen"])).toBe(true);
  });

  it("name path, expected and found of everything that is wrong, and print no secret", () => {
    const { problems } = readSettings(schema, {
      url: "http://a",
      retries: 10,
      mode: "slow",
      listen: { port: "x", hosts: 1 },
      peers: ["a", 2],
      password: "short",
      colour: "red",
    });
    expect(problems.map(({ path, expected, found }) => `${path}: ${expected}, not ${found}`)).toEqual([
      'url: text that matches ^wss://, not "http://a"',
      "retries: at most 9, not 10",
      'mode: one of "fast", "safe", not "slow"',
      'listen.port: an integer, not "x"',
      "listen.hosts: one of: host, port, not an unknown setting",
      "peers[1]: a string, not 2",
      "password: text that matches ^.{8,}$, not another value",
      "colour: one of: url, retries, mode, listen, peers, password, not an unknown setting",
    ]);
  });

  it("that are required must be there", () => {
    expect(readSettings(schema, undefined).problems).toEqual([{ path: "url", expected: "a string", found: "nothing" }]);
  });

  it("that are no object are refused", () => {
    expect(readSettings(schema, [1]).problems).toEqual([{ path: "/", expected: "settings by name", found: "[1]" }]);
  });

  it("lie over each other, objects member by member", () => {
    expect(mergeSettings({ a: { x: 1, y: 1 }, b: [1] }, undefined, { a: { y: 2 }, b: [2] })).toEqual({
      a: { x: 1, y: 2 },
      b: [2],
    });
  });

  it("come from the environment by plugin and path, parsed by type", () => {
    const environment = {
      SKERRY_TWINS_EDGE__URL: "wss://b",
      SKERRY_TWINS_EDGE__LISTEN__PORT: "8080",
      SKERRY_TWINS_EDGE__PEERS: '["a"]',
      SKERRY_OTHER__URL: "no",
    };
    expect(settingsFromEnvironment("twins/edge", schema, environment)).toEqual({
      url: "wss://b",
      listen: { port: 8080 },
      peers: ["a"],
    });
  });
});
