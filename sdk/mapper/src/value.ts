import type { JsonValue, PropertyType } from "@skerry/contracts";
import { abiLimits, valueTag } from "./abi.ts";
import { errors } from "./errors.ts";

const utf8 = new TextEncoder();
const strictText = new TextDecoder("utf-8", { fatal: true });
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Encodes a property's value for a guest: a tag byte, then the payload to the end.
 * Throws `SKERRY_MAPPER_BAD_VALUE` for a value that is not of the type, `SKERRY_MAPPER_TOO_LONG` over the budget.
 */
export function encodeValue(type: PropertyType, value: JsonValue): Uint8Array {
  switch (type) {
    case "boolean":
      if (typeof value !== "boolean") throw wrong("a boolean", value);
      return Uint8Array.of(valueTag.boolean, value ? 1 : 0);
    case "integer": {
      if (typeof value !== "number" || !Number.isSafeInteger(value)) throw wrong("an integer within ±2^53", value);
      return fixed(valueTag.integer, (view) => view.setBigInt64(1, BigInt(value), true));
    }
    case "number":
      if (typeof value !== "number" || !Number.isFinite(value)) throw wrong("a finite number", value);
      return fixed(valueTag.number, (view) => view.setFloat64(1, value, true));
    case "string":
      if (typeof value !== "string") throw wrong("a string", value);
      return tagged(valueTag.string, utf8.encode(value));
    case "bytes":
      if (typeof value !== "string" || !base64.test(value)) throw wrong("bytes as base64", value);
      return tagged(valueTag.bytes, Buffer.from(value, "base64"));
    case "object":
      if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong("an object", value);
      return tagged(valueTag.object, utf8.encode(JSON.stringify(value)));
  }
}

/**
 * Decodes what a guest reported: bytes become base64, an object is parsed.
 * Throws `SKERRY_MAPPER_BAD_VALUE` or `SKERRY_MAPPER_TOO_LONG`; never reads beyond `bytes`.
 */
export function decodeValue(bytes: Uint8Array): JsonValue {
  if (bytes.length - 1 > abiLimits.valueBytes) throw tooLong(bytes.length - 1);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const payload = bytes.subarray(1);
  switch (bytes[0]) {
    case valueTag.boolean: {
      const flag = payload[0];
      if (payload.length !== 1 || (flag !== 0 && flag !== 1)) throw wrong("a boolean of one byte, 0 or 1", hex(bytes));
      return flag === 1;
    }
    case valueTag.integer: {
      if (payload.length !== 8) throw wrong("an integer of 8 bytes", hex(bytes));
      const integer = Number(view.getBigInt64(1, true));
      if (!Number.isSafeInteger(integer)) throw wrong("an integer within ±2^53", String(integer));
      return integer;
    }
    case valueTag.number: {
      if (payload.length !== 8) throw wrong("a number of 8 bytes", hex(bytes));
      const number = view.getFloat64(1, true);
      if (!Number.isFinite(number)) throw wrong("a finite number", String(number));
      return number;
    }
    case valueTag.string:
      return text(payload);
    case valueTag.bytes:
      return Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString("base64");
    case valueTag.object:
      return object(text(payload));
    default:
      throw wrong("a value tag from 1 to 6", bytes.length === 0 ? "nothing" : String(bytes[0]));
  }
}

function object(json: string): JsonValue {
  let parsed: JsonValue;
  try {
    parsed = JSON.parse(json) as JsonValue;
  } catch (cause) {
    throw errors.create("SKERRY_MAPPER_BAD_VALUE", { expected: "JSON text", found: json.slice(0, 40) }, cause);
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw wrong("a JSON object", parsed);
  return parsed;
}

function text(bytes: Uint8Array): string {
  try {
    return strictText.decode(bytes);
  } catch (cause) {
    throw errors.create("SKERRY_MAPPER_BAD_VALUE", { expected: "UTF-8 text", found: hex(bytes) }, cause);
  }
}

function fixed(tag: number, fill: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(9);
  bytes[0] = tag;
  fill(new DataView(bytes.buffer));
  return bytes;
}

function tagged(tag: number, payload: Uint8Array): Uint8Array {
  if (payload.length > abiLimits.valueBytes) throw tooLong(payload.length);
  const bytes = new Uint8Array(payload.length + 1);
  bytes[0] = tag;
  bytes.set(payload, 1);
  return bytes;
}

function tooLong(found: number) {
  return errors.create("SKERRY_MAPPER_TOO_LONG", { what: "a value", found, limit: abiLimits.valueBytes });
}

function wrong(expected: string, found: JsonValue) {
  return errors.create("SKERRY_MAPPER_BAD_VALUE", { expected, found: String(JSON.stringify(found)).slice(0, 60) });
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, 16)).toString("hex");
}
