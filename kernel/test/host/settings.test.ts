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

  it("within an object must be there once the object is, and not before", () => {
    const pair: SettingsSchema = {
      properties: {
        tls: {
          type: "object",
          description: "files",
          properties: {
            key: { type: "string", description: "a file", required: true },
            versions: { type: "object", description: "which", properties: {} },
            strict: { type: "boolean", description: "whether", default: true },
          },
        },
      },
    };
    expect(readSettings(pair, {})).toEqual({ settings: {}, problems: [] });
    expect(readSettings(pair, { tls: {} }).problems).toEqual([
      { path: "tls.key", expected: "a string", found: "nothing" },
    ]);
    expect(readSettings(pair, { tls: { key: "k" } }).settings).toEqual({ tls: { key: "k", strict: true } });
  });

  it("left empty in YAML are as if absent, but a list has no empty places", () => {
    expect(readSettings(schema, { url: "wss://a", retries: null }).settings["retries"]).toBe(3);
    expect(readSettings(schema, { url: "wss://a", peers: ["a", null] }).problems).toEqual([
      { path: "peers[1]", expected: "a string", found: "nothing" },
    ]);
  });

  it("show nothing of what lies within a secret", () => {
    const vault: SettingsSchema = {
      properties: {
        vault: {
          type: "object",
          description: "keys",
          secret: true,
          properties: { pin: { type: "integer", description: "a pin" } },
        },
      },
    };
    expect(readSettings(vault, { vault: { pin: "4711x" } }).problems).toEqual([
      { path: "vault.pin", expected: "an integer", found: "another value" },
    ]);
  });

  it("are not shared between two readings, nor with their source", () => {
    const source = { url: "wss://a", peers: ["a"] };
    const { settings } = readSettings(schema, source);
    expect(Object.isFrozen(settings["peers"])).toBe(true);
    source.peers.push("b");
    expect(settings["peers"]).toEqual(["a"]);
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
    expect(settingsFromEnvironment("nobody", schema, environment)).toBeUndefined();
  });

  it("of the environment fold camelCase, dashes and slashes, and lie over a whole object", () => {
    const nested: SettingsSchema = {
      properties: {
        reConnect: {
          type: "object",
          description: "waits",
          properties: {
            firstMs: { type: "integer", description: "first" },
            "last-ms": { type: "integer", description: "last" },
          },
        },
      },
    };
    const environment = {
      SKERRY_A_B_C__RE_CONNECT: '{"firstMs": 1, "last-ms": 2}',
      SKERRY_A_B_C__RE_CONNECT__LAST_MS: "3",
    };
    expect(settingsFromEnvironment("a-b/c", nested, environment)).toEqual({ reConnect: { firstMs: 1, "last-ms": 3 } });
  });

  it.each([
    ["SKERRY_P__RETRIES", "three", 'retries: an integer, not "three"'],
    ["SKERRY_P__RETRIES", "null", 'retries: an integer, not "null"'],
    ["SKERRY_P__RETRIES", "", 'retries: an integer, not ""'],
    ["SKERRY_P__LISTEN", "here", 'listen: an object, not "here"'],
    ["SKERRY_P__PASSWORD", "x", "password: text that matches ^.{8,}$, not another value"],
    [
      "SKERRY_P__RETRY",
      "3",
      "SKERRY_P__RETRY: one of: url, retries, mode, listen, peers, password, not an unknown setting",
    ],
  ])("of the environment are refused like others: %s=%s", (key, text, problem) => {
    const environment = { SKERRY_P__URL: "wss://a", [key]: text, SKERRY_P__LISTEN__PORT: "1" };
    const { problems } = readSettings(schema, settingsFromEnvironment("p", schema, environment));
    expect(problems.map(({ path, expected, found }) => `${path}: ${expected}, not ${found}`)).toEqual([problem]);
  });

  it("of the environment survive a schema that is none", () => {
    for (const broken of [{}, { properties: 7 }, { properties: { a: null } }]) {
      expect(settingsFromEnvironment("p", broken as unknown as SettingsSchema, { SKERRY_P__A: "1" })).toEqual({
        SKERRY_P__A: "1",
      });
    }
  });
});
