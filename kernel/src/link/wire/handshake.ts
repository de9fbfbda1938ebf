import { budgets } from "./budgets.ts";
import { parseBody } from "./json-body.ts";

/** Edge → cloud, the first message. Its layout is the same in all versions, so that any two can tell each other no. */
export interface Hello {
  readonly type: "hello";
  /** Wire versions the edge speaks. */
  readonly versions: readonly number[];
  readonly node: string;
  /** Digest of everything in the replica. */
  readonly root: string;
}

/** Cloud → edge, the first message. */
export interface Welcome {
  readonly type: "welcome";
  readonly version: number;
  /** Silence of two heartbeats ends the session, on both sides. */
  readonly heartbeatMs: number;
  /** The root differs from what the node should hold: the edge answers with RESUME. */
  readonly resync: boolean;
  /** Names what this session sends down; see RESUME. */
  readonly feed: string;
}

/** First byte of each. */
const types = { hello: 1, welcome: 2 } as const;

/** Wire versions this code speaks. */
export const wireVersions: readonly number[] = [1];

/** The highest version that both speak. */
export function commonVersion(theirs: readonly number[]): number | undefined {
  return [...wireVersions].sort((a, b) => a - b).findLast((version) => theirs.includes(version));
}

export function encodeHello({ versions, node, root }: Omit<Hello, "type">): Uint8Array {
  return message(types.hello, [versions, node, root]);
}

export function encodeWelcome({ version, heartbeatMs, resync, feed }: Omit<Welcome, "type">): Uint8Array {
  return message(types.welcome, [version, heartbeatMs, resync, feed]);
}

/** Reads a HELLO or a WELCOME; `undefined` for anything else. Members that later versions append are not looked at. */
export function decodeHandshake(bytes: Uint8Array): Hello | Welcome | undefined {
  const body = parseBody(bytes.subarray(1), budgets.handshakeBytes);
  if (!Array.isArray(body)) return undefined;
  if (bytes[0] === types.hello) return decodeHello(body);
  return bytes[0] === types.welcome ? decodeWelcome(body) : undefined;
}

function decodeHello([versions, node, root]: readonly unknown[]): Hello | undefined {
  if (!Array.isArray(versions) || !versions.every(Number.isSafeInteger)) return undefined;
  if (!isText(node, budgets.keyBytes) || !isText(root, budgets.digestCharacters)) return undefined;
  return { type: "hello", versions, node, root };
}

function decodeWelcome([version, heartbeatMs, resync, feed = "v0"]: readonly unknown[]): Welcome | undefined {
  if (!Number.isSafeInteger(version) || !Number.isSafeInteger(heartbeatMs) || Number(heartbeatMs) < 1) return undefined;
  if (typeof resync !== "boolean" || !isText(feed, budgets.feedBytes)) return undefined;
  return { type: "welcome", version: Number(version), heartbeatMs: Number(heartbeatMs), resync, feed };
}

function isText(value: unknown, limit: number): value is string {
  return typeof value === "string" && value.length > 0 && Buffer.byteLength(value) <= limit;
}

function message(type: number, body: unknown): Uint8Array {
  return Buffer.concat([Uint8Array.of(type), Buffer.from(JSON.stringify(body))]);
}
