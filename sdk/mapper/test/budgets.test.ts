import type { JsonValue, PropertyType } from "@skerry/contracts";
import {
  abiLimits,
  decodeConfig,
  decodeEvent,
  decodeValue,
  durationMs,
  encodeConfig,
  encodeEvent,
  encodeValue,
  parseMapperManifest,
  readEffect,
} from "@skerry/mapper";
import { errorCode } from "@skerry/plugin";
import { describe, expect, it } from "vitest";

const codeOf = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    return errorCode(error) ?? error;
  }
  return "nothing thrown";
};
const badValue = "SKERRY_MAPPER_BAD_VALUE";
const tooLong = "SKERRY_MAPPER_TOO_LONG";
const badEffect = "SKERRY_MAPPER_BAD_EFFECT";
const badConfig = "SKERRY_MAPPER_BAD_CONFIG";

describe("values", () => {
  const wrong: [PropertyType, JsonValue][] = [
    ["boolean", 1],
    ["integer", 1.5],
    ["integer", 2 ** 53],
    ["number", "1"],
    ["number", Number.NaN],
    ["string", 1],
    ["bytes", "not base64!"],
    ["bytes", "AAA"],
    ["object", [1]],
    ["object", null],
  ];
  it.each(wrong)("%s refuses %j", (type, value) => {
    expect(codeOf(() => encodeValue(type, value))).toBe(badValue);
  });

  it("have a byte budget both ways", () => {
    const long = "x".repeat(abiLimits.valueBytes);
    expect(decodeValue(encodeValue("string", long))).toBe(long);
    expect(codeOf(() => encodeValue("string", `${long}x`))).toBe(tooLong);
    expect(codeOf(() => decodeValue(new Uint8Array(abiLimits.valueBytes + 2).fill(4)))).toBe(tooLong);
  });
});

describe("events", () => {
  it("over their budget are refused", () => {
    const bytes = new Uint8Array(abiLimits.chunkBytes + 1);
    expect(codeOf(() => encodeEvent({ type: "on_bytes", stream: 1, bytes }))).toBe(tooLong);
    const config = "x".repeat(abiLimits.configBytes + 1);
    expect(codeOf(() => encodeEvent({ type: "start", config }))).toBe(tooLong);
  });

  it("cut off are refused", () => {
    expect(codeOf(() => decodeEvent("on_desired", new Uint8Array(7)))).toBe("SKERRY_MAPPER_BAD_EVENT");
    expect(codeOf(() => decodeEvent("save", new Uint8Array(1)))).toBe("SKERRY_MAPPER_BAD_EVENT");
  });
});

describe("configuration", () => {
  const device = { device: "a/b", grants: {}, connection: {}, properties: [] };

  it("refuses what is too long or too deep", () => {
    expect(codeOf(() => encodeConfig({ ...device, connection: { x: "y".repeat(abiLimits.configBytes) } }))).toBe(
      tooLong,
    );
    let deep: JsonValue = 1;
    for (let i = 0; i < 40; i++) deep = { d: deep };
    expect(codeOf(() => encodeConfig({ ...device, connection: { deep } }))).toBe(badConfig);
    expect(codeOf(() => decodeConfig("no equals sign\n"))).toBe(badConfig);
  });

  it("reads durations", () => {
    expect(["100ms", "1s", "5m", "1h"].map((text) => durationMs(text, "x"))).toEqual([100, 1000, 300_000, 3_600_000]);
    for (const text of ["", "1", "0s", "-1s", "1.5s", "25h", "1 s", "1d"]) {
      expect(codeOf(() => durationMs(text, "x"))).toBe(badConfig);
    }
  });
});

describe("effects", () => {
  const memory = new Uint8Array(64);
  memory.set(new TextEncoder().encode("Ready"), 8);

  it("copy what they point to", () => {
    const effect = readEffect("write", [1, 8, 5], memory, 0);
    memory[8] = 0;
    expect(effect).toEqual({ type: "write", stream: 1, bytes: new TextEncoder().encode("Ready") });
    memory[8] = 0x52;
  });

  it.each([
    ["after the end", 60, 5],
    ["negative pointer", -1, 1],
    ["negative length", 0, -1],
    ["both huge", 0x7fffffff, 0x7fffffff],
  ])("refuse a pointer: %s", (_, pointer, length) => {
    expect(codeOf(() => readEffect("write", [1, pointer, length], memory, 0))).toBe(badEffect);
    expect(codeOf(() => readEffect("report", [1, pointer, length], memory, 0))).toBe(badEffect);
    expect(codeOf(() => readEffect("log", [1, pointer, length], memory, 0))).toBe(badEffect);
  });

  it("refuse unknown codes and reasons that are no word", () => {
    expect(codeOf(() => readEffect("log", [4, 0, 0], memory, 0))).toBe(badEffect);
    expect(codeOf(() => readEffect("condition", [2, 0, 8, 5, 0, 0], memory, 0))).toBe(badEffect);
    expect(codeOf(() => readEffect("condition", [0, 3, 8, 5, 0, 0], memory, 0))).toBe(badEffect);
    expect(codeOf(() => readEffect("condition", [0, 0, 0, 0, 0, 0], memory, 0))).toBe(badEffect);
    expect(readEffect("condition", [0, 1, 8, 5, 8, 5], memory, 0)).toMatchObject({ status: "True", reason: "Ready" });
  });

  it("cut texts, and refuse data over the budget", () => {
    const big = new Uint8Array(abiLimits.writeBytes + 1).fill(0x61);
    expect(readEffect("log", [1, 0, big.length], big, 0)).toMatchObject({ text: "a".repeat(abiLimits.textBytes) });
    expect(codeOf(() => readEffect("write", [1, 0, big.length], big, 0))).toBe(tooLong);
    expect(codeOf(() => readEffect("open", [0, abiLimits.urlBytes + 1], big, 1))).toBe(tooLong);
  });
});

describe("mapper.json", () => {
  const good = { id: "m", abi: 0, imports: ["open"], exports: ["start"], limits: { memoryPages: 2 } };
  it("is read", () => {
    expect(parseMapperManifest(JSON.stringify(good), "m")).toEqual({ ...good, summary: "" });
  });

  it.each([
    ["not JSON", "{"],
    ["no object", "[]"],
    ["another id", JSON.stringify({ ...good, id: "n" })],
    ["another ABI", JSON.stringify({ ...good, abi: 1 })],
    ["an import the ABI has not", JSON.stringify({ ...good, imports: ["exec"] })],
    ["exports that are no list", JSON.stringify({ ...good, exports: "start" })],
    ["an unknown limit", JSON.stringify({ ...good, limits: { cpu: 1 } })],
    ["a limit of zero", JSON.stringify({ ...good, limits: { memoryPages: 0 } })],
  ])("is refused: %s", (_, text) => {
    expect(codeOf(() => parseMapperManifest(text, "m"))).toBe(badConfig);
  });
});
