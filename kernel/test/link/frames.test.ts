import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { SeededRandom } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { budgets } from "../../src/link/wire/budgets.ts";
import { decodeFrame } from "../../src/link/wire/decode.ts";
import { deflated, inflated } from "../../src/link/wire/deflate.ts";
import { dictionary } from "../../src/link/wire/dictionary.ts";
import { encodeFrame } from "../../src/link/wire/encode.ts";
import { frameTypes } from "../../src/link/wire/frame-types.ts";
import type { Frame } from "../../src/link/wire/frames.ts";
import { decodeHandshake, encodeHello, encodeWelcome } from "../../src/link/wire/handshake.ts";
import { laneOf, lanes } from "../../src/link/wire/lanes.ts";
import { decodeMessage } from "../../src/link/wire/message.ts";

const page = await readFile(join(import.meta.dirname, "../../../docs/reference/link-v1.md"), "utf8");
/** The lane, the bytes in hexadecimal and the frame as JSON, from the page's table of golden vectors. */
const vectors = [...page.matchAll(/^\| (\d+) \| `([0-9a-f]+)` \| `(\{.*\})` \|$/gm)].map(
  ([, lane = "", hex = "", json = ""]) => ({
    lane: Number(lane),
    bytes: Uint8Array.from(Buffer.from(hex, "hex")),
    frame: JSON.parse(json) as Frame,
  }),
);
const handshakes = [...page.matchAll(/^\| - \| `([0-9a-f]+)` \| `(\{.*\})` \|$/gm)];

describe("wire format v1", () => {
  it("is what the page says: every golden vector decodes and encodes", () => {
    // The vector of DATA would be bytes only.
    const types = new Set([...vectors.map(({ frame }) => frame.type), "data"]);
    expect([...types].sort()).toEqual(Object.keys(frameTypes).sort());
    for (const { lane, bytes, frame } of vectors) {
      expect(laneOf(frame)).toBe(lane);
      expect(decodeFrame(lane, bytes)).toEqual(frame);
      expect(Buffer.from(encodeFrame(frame)).toString("hex")).toBe(Buffer.from(bytes).toString("hex"));
    }
  });

  it("has the handshake that the page says", () => {
    expect(handshakes).toHaveLength(2);
    for (const [, hex = "", json = ""] of handshakes) {
      const message = JSON.parse(json) as ReturnType<typeof decodeHandshake>;
      expect(decodeHandshake(Buffer.from(hex, "hex"))).toEqual(message);
      const bytes = message?.type === "hello" ? encodeHello(message) : message && encodeWelcome(message);
      expect(Buffer.from(bytes ?? []).toString("hex")).toBe(hex);
    }
  });

  it("has the dictionary and the deflated frame that the page says", () => {
    const [, text = ""] = /```text\n([^`]*)\n```/.exec(page) ?? [];
    expect(Buffer.from(dictionary).toString()).toBe(text.replaceAll("\n", ""));
    expect(page).toContain(`${dictionary.length} bytes of ASCII`);
    const [, hex = "", json = ""] = /^A frame deflated: `([0-9a-f]+)` is the frame `(\{.*\})`/m.exec(page) ?? [];
    const frame = inflated(Buffer.from(hex, "hex"));
    expect(frame && decodeFrame(lanes.state, frame)).toEqual(JSON.parse(json));
  });

  it("has every budget of the page's table", () => {
    expect(page).toContain(`| a message | its head, its count and ${budgets.partBytes / 1024} KiB |`);
    expect(page).toContain(`inflated | ${budgets.frameBytes / 1024 / 1024} MiB |`);
    expect(page).toContain(`the type of a log | ${budgets.feedBytes} bytes |`);
    expect(page).toContain(`2 MiB less ${(budgets.frameBytes - budgets.objectBytes).toLocaleString("en")} bytes`);
    expect(page).toContain(`| bits of a comparison | ${budgets.bucketBits} |`);
    expect(page).toContain(`| acknowledge | ${budgets.acknowledgementsPerFrame.toLocaleString("en")} sequences`);
    expect(page).toContain(`| streams of a session at once | ${budgets.streams} |`);
    expect(page).toContain(`| nesting of JSON | ${budgets.jsonDepth} |`);
    expect(page).toContain(`| unanswered states of a session | ${budgets.statesUnanswered.toLocaleString("en")},`);
  });

  it("has no frame that is a part of another: truncated frames are refused", () => {
    for (const { lane, bytes, frame } of vectors) {
      // These end with a list, and cut after a whole member they are shorter lists.
      if (["acknowledge", "list", "digests", "entries"].includes(frame.type)) continue;
      for (let end = 0; end < bytes.length; end += 1) {
        expect(decodeFrame(lane, bytes.subarray(0, end)), `${frame.type} cut at ${end}`).toBeUndefined();
      }
    }
  });

  it("has each frame on its own lane only", () => {
    for (const { lane, bytes } of vectors) {
      for (const other of [0, 1, 2, 3, 300].filter((candidate) => candidate !== lane)) {
        const frame = decodeFrame(other, bytes);
        expect(frame === undefined || (lane >= lanes.firstStream && other >= lanes.firstStream)).toBe(true);
      }
    }
  });

  it("refuses what is over a budget", () => {
    const state = (value: string): Frame => ({ type: "state", sequence: 1, key: { type: "t", name: "n" }, value });
    const decoded = (frame: Frame) => decodeFrame(laneOf(frame), encodeFrame(frame));
    expect(decoded(state("x".repeat(budgets.stateBytes - 2)))).toBeDefined();
    expect(decoded(state("x".repeat(budgets.stateBytes - 1)))).toBeUndefined();
    expect(decodeFrame(1, new Uint8Array(budgets.frameBytes + 1).fill(8))).toBeUndefined();
    expect(decoded({ type: "remove", key: "k".repeat(budgets.keyBytes) })).toBeDefined();
    expect(decoded({ type: "remove", key: "k".repeat(budgets.keyBytes + 1) })).toBeUndefined();
    const sequences = Array.from({ length: budgets.acknowledgementsPerFrame + 1 }, (_, index) => index);
    expect(decoded({ type: "acknowledge", sequences })).toBeUndefined();
    expect(decoded({ type: "compare", bits: budgets.bucketBits + 1 })).toBeUndefined();
    expect(decoded({ type: "list", bits: 2, buckets: [4] })).toBeUndefined();
    expect(decoded({ type: "list", bits: 1, buckets: [0, 1, 1] })).toBeUndefined();
    expect(decodeHandshake(encodeHello({ versions: [1], node: "n", root: "r".repeat(17) }))).toBeUndefined();
    expect(decodeHandshake(encodeHello({ versions: Array(5000).fill(1), node: "n", root: "r" }))).toBeUndefined();
  });

  it("refuses JSON that is nested deeper than its budget, before it is walked", () => {
    const head = Buffer.concat([Buffer.from([19, 1, 1]), Buffer.from("t"), Buffer.from([1]), Buffer.from("n")]);
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    expect(decodeFrame(1, Buffer.concat([head, Buffer.from(deep)]))).toBeUndefined();
    const strings = JSON.stringify('[[\\"['.repeat(100));
    expect(decodeFrame(1, Buffer.concat([head, Buffer.from(strings)]))).toBeDefined();
  });

  it.each([
    ["no bytes", 0, ""],
    ["an unknown type", 0, "ff"],
    ["a number longer than needed", 0, "048000"],
    ["a number beyond 2^53 - 1", 0, "04ffffffffffffff7f"],
    ["bytes after the frame", 0, "040100"],
    ["a text that is not UTF-8", 1, "1101ff"],
    ["a text without bytes", 1, "1100"],
    ["a text longer than the frame", 1, "110561"],
    ["an object that is not JSON", 1, "1001617b"],
    ["an object without a kind", 1, "1001617b7d"],
    ["entries that do not ascend", 2, "180161016202006e016e01310200016e0131"],
    ["an acknowledgement of nothing", 0, "02"],
  ])("refuses %s", (_, lane, hex) => {
    expect(decodeFrame(lane, Buffer.from(hex, "hex"))).toBeUndefined();
  });

  it("does not inflate beyond the budget of a frame, nor what is no DEFLATE", () => {
    const bomb = deflated(new Uint8Array(budgets.frameBytes + 1)) ?? new Uint8Array();
    expect(bomb.length).toBeLessThan(10_000);
    expect(inflated(bomb)).toBeUndefined();
    expect(inflated(Uint8Array.of(1, 2, 3))).toBeUndefined();
    const most = deflated(new Uint8Array(budgets.frameBytes)) ?? new Uint8Array();
    expect(inflated(most)).toHaveLength(budgets.frameBytes);
  });

  it("never throws on noise, nor on frames with a bit flipped", () => {
    const random = new SeededRandom(7);
    let decoded = 0;
    for (let round = 0; round < 20_000; round += 1) {
      const vector = vectors[Math.floor(random.next() * vectors.length)];
      const lane = random.next() < 0.9 ? (vector?.lane ?? 0) : Math.floor(random.next() * 5);
      const bytes =
        random.next() < 0.3 ? random.bytes(Math.floor(random.next() * 40)) : Uint8Array.from(vector?.bytes ?? []);
      const at = Math.floor(random.next() * bytes.length);
      if (bytes.length > 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random.next() * 8));
      if (decodeFrame(lane, bytes)) decoded += 1;
      decodeMessage(bytes);
      decodeHandshake(bytes);
    }
    expect(decoded).toBeGreaterThan(100);
  });
});
