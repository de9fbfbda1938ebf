import type { JsonValue, KubeObject } from "@skerry/contracts";
import { budgets } from "./budgets.ts";
import { frameTypes } from "./encode.ts";
import type { Frame } from "./frames.ts";
import { parseBody } from "./json-body.ts";
import { readVarint } from "./varint.ts";

/**
 * Reads one frame. Never throws, and takes no more memory than the frame has bytes, times a constant;
 * `undefined` for anything that is not exactly a frame of this version within its budget.
 */
export function decodeFrame(bytes: Uint8Array): Frame | undefined {
  if (bytes.length > budgets.frameBytes) return undefined;
  const rest = bytes.subarray(1);
  switch (bytes[0]) {
    case frameTypes.synced:
      return rest.length === 0 ? { type: "synced" } : undefined;
    case frameTypes.ping:
      return rest.length === 0 ? { type: "ping" } : undefined;
    case frameTypes.acknowledge:
      return decodeAcknowledge(rest);
    case frameTypes.state:
      return decodeState(rest);
    case frameTypes.refuse:
      return decodeRefuse(rest);
    case frameTypes.digests:
      return decodeDigests(rest);
    case frameTypes.put:
      return decodePut(rest);
    case frameTypes.remove:
      return decodeRemove(rest);
    case frameTypes.hello:
      return decodeHello(rest);
    case frameTypes.welcome:
      return decodeWelcome(rest);
    default:
      return undefined;
  }
}

function decodeAcknowledge(bytes: Uint8Array): Frame | undefined {
  const sequences: number[] = [];
  for (let start = 0; start < bytes.length; ) {
    const read = readVarint(bytes, start);
    if (!read || sequences.length >= budgets.acknowledgementsPerFrame) return undefined;
    sequences.push(read.value);
    start = read.end;
  }
  return sequences.length > 0 ? { type: "acknowledge", sequences } : undefined;
}

function decodeState(bytes: Uint8Array): Frame | undefined {
  const read = readVarint(bytes, 0);
  if (!read) return undefined;
  const body = tuple(parseBody(bytes.subarray(read.end), budgets.stateBodyBytes), 3);
  const [type, name, value] = body ?? [];
  if (!isKey(type) || !isKey(name) || value === undefined) return undefined;
  return { type: "state", sequence: read.value, key: { type, name }, value: value as JsonValue };
}

function decodeRefuse(bytes: Uint8Array): Frame | undefined {
  const read = readVarint(bytes, 0);
  if (!read) return undefined;
  const [code, message] = tuple(parseBody(bytes.subarray(read.end), budgets.refusalBytes), 2) ?? [];
  if (typeof code !== "string" || typeof message !== "string") return undefined;
  return { type: "refuse", sequence: read.value, code, message };
}

function decodeDigests(bytes: Uint8Array): Frame | undefined {
  const flag = bytes[0];
  if (flag !== 0 && flag !== 1) return undefined;
  const body = parseBody(bytes.subarray(1), budgets.digestsBytes);
  if (!Array.isArray(body) || body.length > budgets.digestsPerFrame) return undefined;
  const entries: (readonly [string, string])[] = [];
  for (const item of body) {
    const [key, digest] = tuple(item, 2) ?? [];
    if (!isKey(key) || !isDigest(digest)) return undefined;
    entries.push([key, digest]);
  }
  return { type: "digests", entries, isLast: flag === 1 };
}

function decodePut(bytes: Uint8Array): Frame | undefined {
  const [key, object] = tuple(parseBody(bytes, budgets.frameBytes), 2) ?? [];
  return isKey(key) && isKubeObject(object) ? { type: "put", key, object } : undefined;
}

function decodeRemove(bytes: Uint8Array): Frame | undefined {
  const [key] = tuple(parseBody(bytes, budgets.keyBytes * 2), 1) ?? [];
  return isKey(key) ? { type: "remove", key } : undefined;
}

function decodeHello(bytes: Uint8Array): Frame | undefined {
  const [versions, node, root] = tuple(parseBody(bytes, budgets.handshakeBytes), 3) ?? [];
  if (!Array.isArray(versions) || !versions.every(Number.isSafeInteger)) return undefined;
  return isKey(node) && isDigest(root) ? { type: "hello", versions, node, root } : undefined;
}

function decodeWelcome(bytes: Uint8Array): Frame | undefined {
  const [version, heartbeatMs, resync] = tuple(parseBody(bytes, budgets.handshakeBytes), 3) ?? [];
  if (!Number.isSafeInteger(version) || !Number.isSafeInteger(heartbeatMs) || typeof resync !== "boolean") {
    return undefined;
  }
  if (Number(heartbeatMs) < 1) return undefined;
  return { type: "welcome", version: Number(version), heartbeatMs: Number(heartbeatMs), resync };
}

function tuple(value: unknown, length: number): readonly unknown[] | undefined {
  return Array.isArray(value) && value.length === length ? value : undefined;
}

function isKey(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && Buffer.byteLength(value) <= budgets.keyBytes;
}

function isDigest(value: unknown): value is string {
  return typeof value === "string" && value.length <= budgets.digestCharacters;
}

function isKubeObject(value: unknown): value is KubeObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const { apiVersion, kind, metadata } = value as Record<string, unknown>;
  if (typeof apiVersion !== "string" || typeof kind !== "string") return false;
  if (typeof metadata !== "object" || metadata === null) return false;
  const { name, namespace } = metadata as Record<string, unknown>;
  return typeof name === "string" && (namespace === undefined || typeof namespace === "string");
}
