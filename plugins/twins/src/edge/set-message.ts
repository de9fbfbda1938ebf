import type { JsonValue } from "@skerry/contracts";
import type { RequestId } from "./desired-entries.ts";

/** Largest payload of a set message, in bytes. */
export const maximumSetBytes = 64 * 1024;

const longestId = 256;

export type SetMessage =
  | { readonly value: JsonValue; readonly id?: RequestId }
  /** Why it cannot be read. */
  | { readonly refused: string; readonly id?: RequestId };

/** Reads a set message: a bare JSON value, or an object with `value` and `id` and nothing else. */
export function parseSetMessage(payload: Uint8Array): SetMessage {
  if (payload.byteLength > maximumSetBytes) {
    return { refused: `the payload has ${payload.byteLength} bytes, ${maximumSetBytes} are allowed` };
  }
  if (payload.byteLength === 0) return { refused: "the payload is empty, a JSON value was expected" };
  let value: JsonValue;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(payload)) as JsonValue;
  } catch (error) {
    return { refused: error instanceof SyntaxError ? "the payload is not JSON" : "the payload is not UTF-8" };
  }
  return isEnvelope(value) ? open(value) : { value };
}

interface Envelope {
  readonly value: JsonValue;
  readonly id?: JsonValue;
}

function isEnvelope(value: JsonValue): value is JsonValue & Envelope {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  return keys.includes("value") && keys.every((key) => key === "value" || key === "id");
}

function open({ value, id }: Envelope): SetMessage {
  if (id === undefined) return { value };
  if (typeof id === "number" || (typeof id === "string" && id.length <= longestId)) return { value, id };
  return { refused: `expected a number or a string of at most ${longestId} characters as id` };
}
