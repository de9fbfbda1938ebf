import type { ServingStatus } from "../probe-network.ts";

const prefixBytes = 5;
/** An answer is a few bytes. */
export const longestHealth = 4 * 1024;
const statuses: readonly ServingStatus[] = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"];

/** `HealthCheckRequest`, as one message of a gRPC stream: no compression, its length, field 1. */
export function encodeHealthRequest(service: string): Buffer {
  const name = Buffer.from(service);
  const message = name.length === 0 ? name : Buffer.concat([Buffer.from([0x0a]), varint(name.length), name]);
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** Field 1 of a `HealthCheckResponse`, which is all there is in it; `undefined` for what is none. */
export function decodeHealth(bytes: Uint8Array): ServingStatus | undefined {
  if (bytes.length < prefixBytes || bytes.length > longestHealth || bytes[0] !== 0) return undefined;
  const length = Buffer.from(bytes).readUInt32BE(1);
  const message = bytes.subarray(prefixBytes);
  if (length !== message.length) return undefined;
  if (length === 0) return "UNKNOWN";
  const [tag, value = statuses.length] = message;
  return length === 2 && tag === 0x08 ? statuses[value] : undefined;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left > 0x7f; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
  return Buffer.from([...bytes, left]);
}
