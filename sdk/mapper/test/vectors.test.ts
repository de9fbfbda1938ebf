import type { JsonValue, PropertyType } from "@skerry/contracts";
import { decodeConfig, decodeEvent, decodeValue, encodeConfig, encodeEvent, encodeValue } from "@skerry/mapper";
import { errorCode } from "@skerry/plugin";
import { describe, expect, it } from "vitest";
import type { MapperConfig, MapperEvent } from "../src/index.ts";
import vectors from "../vectors/abi-v0.json" with { type: "json" };

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const bytes = (text: string) => new Uint8Array(Buffer.from(text, "hex"));
const codeOf = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    return errorCode(error);
  }
  return "nothing thrown";
};

/** JSON has no bytes: `hex:…` stands for them. */
function revive(event: object): MapperEvent {
  const fields = Object.entries(event).map(([key, value]) => [
    key,
    typeof value === "string" && value.startsWith("hex:") ? bytes(value.slice(4)) : value,
  ]);
  return Object.fromEntries(fields) as MapperEvent;
}

describe("golden vectors of ABI v0", () => {
  it.each(vectors.values)("value $type $value", ({ type, value, hex: expected }) => {
    expect(hex(encodeValue(type as PropertyType, value as JsonValue))).toBe(expected);
    expect(decodeValue(bytes(expected))).toEqual(value);
  });

  it.each(vectors.badValues)("refuses a value: $why", ({ hex: bad }) => {
    expect(codeOf(() => decodeValue(bytes(bad)))).toBe("SKERRY_MAPPER_BAD_VALUE");
  });

  it.each(vectors.events)("event $event.type", ({ event, hex: expected }) => {
    const revived = revive(event);
    expect(hex(encodeEvent(revived))).toBe(expected);
    expect(decodeEvent(revived.type, bytes(expected))).toEqual(revived);
  });

  it("configuration", () => {
    const text = encodeConfig(vectors.config.source as unknown as MapperConfig);
    expect(text.split("\n")).toEqual([...vectors.config.lines, ""]);
    const read = decodeConfig(text);
    expect(read.size).toBe(vectors.config.lines.length);
    expect(read.get("property.1.visit.a\\.b\\=c")).toBe("two\nlines\\");
  });
});
