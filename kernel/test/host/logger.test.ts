import { FakeClock } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { formatLogJson, formatLogText, hostErrors, type LogRecord } from "../../src/host/index.ts";
import { pluginLogger } from "../../src/host/services/plugin-logger.ts";
import { secretsIn } from "../../src/host/services/redact.ts";

const record = (message: string, fields: LogRecord["fields"] = {}): LogRecord => ({
  at: Date.UTC(2026, 0, 1),
  level: "warn",
  plugin: "mqtt-aedes",
  message,
  fields,
});
const failure = hostErrors.create("SKERRY_PLUGIN_START_DEADLINE", { plugin: "x", ms: 5 });

describe("a log line", () => {
  it("as text has time, level, plugin, message and fields", () => {
    expect(formatLogText(record("client refused", { client: "c 1", tries: 2, error: failure }))).toBe(
      '2026-01-01T00:00:00.000Z WARN  mqtt-aedes: client refused client="c 1" tries=2 error="x did not start within 5 ms [SKERRY_PLUGIN_START_DEADLINE]"',
    );
  });

  it("as JSON has the fields beside the rest, and they cannot take its place", () => {
    expect(JSON.parse(formatLogJson(record("m", { plugin: "another", level: "debug", error: failure })))).toEqual({
      at: "2026-01-01T00:00:00.000Z",
      level: "warn",
      plugin: "mqtt-aedes",
      message: "m",
      error: { code: "SKERRY_PLUGIN_START_DEADLINE", message: "x did not start within 5 ms" },
    });
  });

  it.each([formatLogText, formatLogJson])("stays one line, and steers no terminal: %o", (format) => {
    const line = format(record("a\nb\u001b[2Jc\r\u0085d\u2028e", { text: "f\ng\u001b", "h\ni": 1 }));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through.
    expect(line).not.toMatch(/[\u0000-\u001f]/);
  });

  it.each([formatLogText, formatLogJson])("is written whatever the fields are: %o", (format) => {
    const circle: Record<string, unknown> = {};
    circle["self"] = circle;
    const fields = { circle, big: 10n, none: undefined, call: () => 1, deep: { error: failure } };
    expect(format(record("m", fields))).toContain("mqtt-aedes");
    expect(format({ ...record("m"), at: Number.NaN })).toContain("NaN");
  });
});

describe("a plugin's logger", () => {
  it("carries the plugin's id and the clock's time", () => {
    const records: LogRecord[] = [];
    const log = pluginLogger("p", new FakeClock(7), (entry) => void records.push(entry));
    log.debug("a");
    log.info("b", { x: 1 });
    log.warn("c");
    log.error("d");
    expect(records.map(({ level, message }) => `${level} ${message}`)).toEqual([
      "debug a",
      "info b",
      "warn c",
      "error d",
    ]);
    expect(records[1]).toEqual({ at: 7, level: "info", plugin: "p", message: "b", fields: { x: 1 } });
  });

  it("lets no secret setting through, in the message, in fields, in errors", () => {
    const schema = {
      password: { type: "string" as const, secret: true },
      users: {
        type: "array" as const,
        items: {
          type: "object" as const,
          properties: { token: { type: "string" as const, description: "", secret: true } },
        },
      },
      pin: { type: "string" as const, secret: true },
      name: { type: "string" as const },
    };
    const secrets = secretsIn(schema, {
      password: "tide",
      users: [{ token: "tide-and-rock" }],
      pin: "1",
      name: "open",
    });
    const records: LogRecord[] = [];
    const log = pluginLogger("p", new FakeClock(), (entry) => void records.push(entry), secrets);
    log.info("open tide-and-rock 1", {
      url: "x://tide@y",
      list: [{ deep: "tide" }],
      error: new Error("bad tide"),
      n: 1,
    });
    expect(records.map(({ message, fields }) => ({ message, fields }))).toEqual([
      {
        message: "open [secret] 1",
        fields: {
          url: "x://[secret]@y",
          list: [{ deep: "[secret]" }],
          error: { code: undefined, message: "bad [secret]" },
          n: 1,
        },
      },
    ]);
  });
});
