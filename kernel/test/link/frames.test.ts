import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { SeededRandom } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { budgets } from "../../src/link/budgets.ts";
import { decodeFrame } from "../../src/link/decode.ts";
import { encodeFrame } from "../../src/link/encode.ts";
import type { Frame } from "../../src/link/frames.ts";

const page = await readFile(join(import.meta.dirname, "../../../docs/reference/link-v0.md"), "utf8");
/** `<hex>` and the frame as JSON, from the page's table of golden vectors. */
const vectors = [...page.matchAll(/^\| `([0-9a-f ]+)` \| `(\{.*\})` \|$/gm)].map(([, hex = "", json = ""]) => ({
  bytes: Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex")),
  frame: JSON.parse(json) as Frame,
}));

describe("wire format v0", () => {
  it("is what the page says: every golden vector decodes and encodes", () => {
    expect(new Set(vectors.map(({ frame }) => frame.type)).size).toBe(10);
    for (const { bytes, frame } of vectors) {
      expect(decodeFrame(bytes)).toEqual(frame);
      expect(Buffer.from(encodeFrame(frame)).toString("hex")).toBe(Buffer.from(bytes).toString("hex"));
    }
  });

  it("has no frame that is a part of another: truncated frames are refused", () => {
    for (const { bytes, frame } of vectors) {
      // An ACK cut after a whole number is a shorter ACK.
      if (frame.type === "acknowledge") continue;
      for (let end = 0; end < bytes.length; end += 1) expect(decodeFrame(bytes.subarray(0, end))).toBeUndefined();
    }
  });

  it("refuses what is over a budget", () => {
    const state = (value: string): Frame => ({ type: "state", sequence: 1, key: { type: "t", name: "n" }, value });
    expect(decodeFrame(encodeFrame(state("x".repeat(budgets.stateBytes - 100))))).toBeDefined();
    expect(decodeFrame(encodeFrame(state("x".repeat(budgets.stateBodyBytes))))).toBeUndefined();
    expect(decodeFrame(new Uint8Array(budgets.frameBytes + 1).fill(8))).toBeUndefined();
    expect(decodeFrame(encodeFrame({ type: "remove", key: "k".repeat(budgets.keyBytes + 1) }))).toBeUndefined();
    const sequences = Array.from({ length: budgets.acknowledgementsPerFrame + 1 }, (_, index) => index);
    expect(decodeFrame(encodeFrame({ type: "acknowledge", sequences }))).toBeUndefined();
    expect(
      decodeFrame(encodeFrame({ type: "hello", versions: [0], node: "n", root: "r".repeat(5000) })),
    ).toBeUndefined();
  });

  it("refuses JSON that is nested deeper than its budget, before it is walked", () => {
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    const bytes = Buffer.concat([Uint8Array.of(7, 1), Buffer.from(`["t","n",${deep}]`)]);
    expect(decodeFrame(bytes)).toBeUndefined();
    const strings = Buffer.concat([Uint8Array.of(7, 1), Buffer.from(JSON.stringify(["t", "n", '[[\\"['.repeat(100)]))]);
    expect(decodeFrame(strings)).toBeDefined();
  });

  it.each([
    ["no bytes", ""],
    ["an unknown type", "ff"],
    ["a number longer than needed", "0880 00"],
    ["a number beyond 2^53 - 1", "08ffffffffffffff7f"],
    ["bytes after a ping", "0a00"],
    ["a body that is not UTF-8", "055bff5d"],
    ["a body that is not JSON", "057b"],
    ["a tuple of the wrong length", "055b5d"],
    ["a key that is no text", "055b315d"],
  ])("refuses %s", (_, hex) => {
    expect(decodeFrame(Buffer.from(hex.replaceAll(" ", ""), "hex"))).toBeUndefined();
  });

  it("never throws on noise, nor on frames with a bit flipped", () => {
    const random = new SeededRandom(7);
    let decoded = 0;
    for (let round = 0; round < 20_000; round += 1) {
      const vector = vectors[Math.floor(random.next() * vectors.length)];
      const bytes =
        random.next() < 0.3 ? random.bytes(Math.floor(random.next() * 40)) : Uint8Array.from(vector?.bytes ?? []);
      const at = Math.floor(random.next() * bytes.length);
      if (bytes.length > 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random.next() * 8));
      if (decodeFrame(bytes)) decoded += 1;
    }
    expect(decoded).toBeGreaterThan(100);
  });
});
