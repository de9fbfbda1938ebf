import type { JsonValue, KubeObject } from "@skerry/contracts";
import { budgets } from "./budgets.ts";
import { ByteReader } from "./byte-reader.ts";
import { frameTypes } from "./frame-types.ts";
import type { Digests, Entries, Frame, LogEntry } from "./frames.ts";
import { lanes } from "./lanes.ts";

/**
 * Reads one frame of a lane. Never throws, and takes no more memory than the frame has bytes, times a constant;
 * `undefined` for anything that is not exactly a frame of this version and this lane within its budget.
 */
export function decodeFrame(lane: number, bytes: Uint8Array): Frame | undefined {
  if (bytes.length > budgets.frameBytes) return undefined;
  const reader = new ByteReader(bytes);
  const type = reader.byte();
  const frame = readOf(lane, type, reader);
  return frame && reader.isWhole ? frame : undefined;
}

function readOf(lane: number, type: number, reader: ByteReader): Frame | undefined {
  if (lane === lanes.control) return readControl(type, reader);
  if (lane === lanes.state) return readState(type, reader);
  if (lane === lanes.log) return type === frameTypes.entries ? readEntries(reader) : undefined;
  const stream = lane - lanes.firstStream;
  if (type === frameTypes.data) return { type: "data", stream, bytes: reader.rest() };
  return type === frameTypes.end ? { type: "end", stream } : undefined;
}

function readControl(type: number, reader: ByteReader): Frame | undefined {
  switch (type) {
    case frameTypes.credit:
      return { type: "credit", lane: reader.varint(), bytes: reader.varint() };
    case frameTypes.acknowledge:
      return { type: "acknowledge", sequences: numbers(reader, budgets.acknowledgementsPerFrame) };
    case frameTypes.refuse:
      return { type: "refuse", sequence: reader.varint(), ...trouble(reader) };
    case frameTypes.applied:
      return { type: "applied", sequence: reader.varint() };
    case frameTypes.resume:
      return { type: "resume", sequence: reader.varint(), feed: feed(reader) };
    case frameTypes["outbox-epoch"]:
      return { type: "outbox-epoch", epoch: reader.text(budgets.feedBytes) };
    case frameTypes.compare:
      return { type: "compare", bits: bits(reader) };
    case frameTypes.list: {
      const width = bits(reader);
      const buckets = numbers(reader, 2 ** width);
      return buckets.every((bucket) => bucket < 2 ** width) ? { type: "list", bits: width, buckets } : undefined;
    }
    case frameTypes.open:
      return readOpen(reader);
    case frameTypes.reset:
      return { type: "reset", stream: reader.varint(), ...trouble(reader) };
    case frameTypes["log-acknowledge"]:
      return { type: "log-acknowledge", ...log(reader), upTo: reader.varint() };
    case frameTypes["log-refuse"]:
      return { type: "log-refuse", ...log(reader), upTo: reader.varint(), ...trouble(reader) };
    default:
      return undefined;
  }
}

function readState(type: number, reader: ByteReader): Frame | undefined {
  switch (type) {
    case frameTypes.put: {
      const key = reader.text(budgets.keyBytes);
      const object = reader.json(budgets.frameBytes);
      return isKubeObject(object) ? { type: "put", key, object } : undefined;
    }
    case frameTypes.remove:
      return { type: "remove", key: reader.text(budgets.keyBytes) };
    case frameTypes.synced:
      return { type: "synced", root: reader.text(budgets.digestCharacters) };
    case frameTypes.state: {
      const sequence = reader.varint();
      const key = { type: reader.text(budgets.keyBytes), name: reader.text(budgets.keyBytes) };
      return { type: "state", sequence, key, value: reader.json(budgets.stateBytes) as JsonValue };
    }
    case frameTypes.buckets: {
      const width = bits(reader);
      const digests = Array.from({ length: 2 ** width }, () => base64(reader.raw(budgets.bucketDigestBytes)));
      return { type: "buckets", bits: width, digests };
    }
    case frameTypes.digests:
      return readDigests(reader);
    default:
      return undefined;
  }
}

function readOpen(reader: ByteReader): Frame | undefined {
  const stream = reader.varint();
  const kind = reader.text(budgets.kindBytes);
  const parameters = reader.json(budgets.parametersBytes);
  return isObject(parameters) ? { type: "open", stream, kind, parameters } : undefined;
}

function readDigests(reader: ByteReader): Digests | undefined {
  const flag = reader.byte();
  const entries: (readonly [string, string])[] = [];
  while (reader.hasMore && entries.length < budgets.digestsPerFrame) {
    entries.push([reader.text(budgets.keyBytes), base64(reader.raw(budgets.digestBytes))]);
  }
  return flag <= 1 ? { type: "digests", isLast: flag === 1, entries } : undefined;
}

function readEntries(reader: ByteReader): Entries | undefined {
  const head = log(reader);
  const entries: LogEntry[] = [];
  while (reader.hasMore && entries.length < budgets.entriesPerFrame) {
    const [sequence, at, name] = [reader.varint(), reader.varint(), reader.text(budgets.keyBytes)];
    entries.push({ sequence, at, name, value: reader.sizedJson(budgets.entryBytes) as JsonValue });
  }
  const isOrdered = entries.every(({ sequence }, index) => sequence > (entries[index - 1]?.sequence ?? 0));
  return entries.length > 0 && isOrdered ? { type: "entries", ...head, entries } : undefined;
}

function numbers(reader: ByteReader, most: number): readonly number[] {
  const found: number[] = [];
  while (reader.hasMore && found.length < most) found.push(reader.varint());
  return found.length > 0 ? found : reader.fail(found);
}

function trouble(reader: ByteReader) {
  return { code: reader.text(budgets.codeBytes), message: reader.text(budgets.messageBytes) };
}

function log(reader: ByteReader) {
  return { log: reader.text(budgets.kindBytes), epoch: reader.text(budgets.feedBytes) };
}

function bits(reader: ByteReader): number {
  const value = reader.varint();
  return value <= budgets.bucketBits ? value : reader.fail(0);
}

function feed(reader: ByteReader): string {
  return new TextDecoder().decode(reader.sized(budgets.feedBytes));
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}

function isObject(value: unknown): value is Record<string, JsonValue> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isKubeObject(value: unknown): value is KubeObject {
  if (!isObject(value)) return false;
  const { apiVersion, kind, metadata } = value;
  if (typeof apiVersion !== "string" || typeof kind !== "string" || !isObject(metadata)) return false;
  const { name, namespace } = metadata;
  return typeof name === "string" && (namespace === undefined || typeof namespace === "string");
}
