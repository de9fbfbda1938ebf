import { unsupportedMediaType } from "../../api/status-error.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../kinds.ts";
import type { FieldDefinition, FieldType, MessageType } from "./field-definitions.ts";
import { deleteOptionsType, envelopeType, messageTypes } from "./message-types.ts";
import { broken, readFields } from "./wire-reader.ts";

export const protobufType = "application/vnd.kubernetes.protobuf";
/** `k8s` and a zero byte. */
const magic = [0x6b, 0x38, 0x73, 0x00];

/**
 * Reads a body as kubectl's `create <kind>` and `auth` commands send it, into what the same object is in
 * JSON. `415` for kinds beyond those; they have to come as JSON.
 */
export function decodeProtobuf(bytes: Uint8Array): JsonObject {
  if (!magic.every((byte, i) => bytes[i] === byte)) throw broken("it does not begin with k8s and a zero byte");
  const envelope = decodeMessage(bytes.subarray(magic.length), envelopeType);
  const { typeMeta, raw = "" } = envelope;
  const { apiVersion = "", kind = "" } = isJsonObject(typeMeta) ? typeMeta : {};
  const id = `${apiVersion} ${kind}`;
  const type =
    kind === "DeleteOptions" ? deleteOptionsType : Object.hasOwn(messageTypes, id) ? messageTypes[id] : undefined;
  if (type === undefined) {
    throw unsupportedMediaType(["application/json", "application/yaml"], ` (a ${id} is not read from protobuf)`);
  }
  return { apiVersion, kind, ...decodeMessage(Buffer.from(String(raw), "base64"), type) };
}

function decodeMessage(bytes: Uint8Array, type: MessageType): JsonObject {
  const members = new Map<string, JsonValue>();
  for (const { number, value } of readFields(bytes)) {
    const field = type[number];
    if (field === undefined) throw broken(`field ${number} is not known`);
    const before = members.get(field.name);
    if (field.isList === true) {
      members.set(field.name, [...(Array.isArray(before) ? before : []), decodeValue(value, field.type)]);
    } else if (typeof field.type === "object" && "map" in field.type && isJsonObject(before)) {
      members.set(field.name, { ...before, ...entryOf(value, field.type.map) });
    } else {
      const decoded = decodeValue(value, field.type);
      if (!isOmitted(decoded, field)) members.set(field.name, decoded);
    }
  }
  return Object.fromEntries(members);
}

function decodeValue(value: number | Uint8Array, type: FieldType): JsonValue {
  if (type === "int" || type === "bool") {
    if (typeof value !== "number") throw broken("a number was expected");
    return type === "int" ? value : value !== 0;
  }
  if (typeof value === "number") throw broken("a number was not expected");
  if (type === "string") return textOf(value);
  if (type === "bytes") return Buffer.from(value).toString("base64");
  if (type === "time" || type === "microTime") return timeOf(value, type === "microTime");
  if (type === "quantity") return decodeMessage(value, { 1: { name: "text", type: "string" } })["text"] ?? "0";
  if (type === "intOrString") return intOrString(value);
  return "map" in type ? entryOf(value, type.map) : decodeMessage(value, type.message);
}

function isOmitted(value: JsonValue, { omitsZero = false }: FieldDefinition): boolean {
  return omitsZero && (value === "" || value === 0 || value === false);
}

/** A union of Kubernetes: its first member says which of the other two counts. */
function intOrString(bytes: Uint8Array): JsonValue {
  const type: MessageType = {
    1: { name: "isText", type: "int" },
    2: { name: "number", type: "int" },
    3: { name: "text", type: "string" },
  };
  const { isText = 0, number = 0, text = "" } = decodeMessage(bytes, type);
  return isText === 1 ? text : number;
}

/** One entry of a map: a message of key and value. */
function entryOf(value: number | Uint8Array, type: "string" | "bytes" | "quantity"): JsonObject {
  if (typeof value === "number") throw broken("an entry of a map was expected");
  const entry: MessageType = { 1: { name: "key", type: "string" }, 2: { name: "value", type } };
  const { key = "", value: content = "" } = decodeMessage(value, entry);
  if (key === "__proto__") throw broken("it contains the key __proto__, which no object may have");
  return { [String(key)]: content };
}

/** `metav1.Time` is seconds and nanoseconds since the epoch; the zero time has neither and is null in JSON. */
function timeOf(bytes: Uint8Array, withMicroseconds: boolean): JsonValue {
  if (bytes.length === 0) return null;
  const type: MessageType = { 1: { name: "seconds", type: "int" }, 2: { name: "nanos", type: "int" } };
  const { seconds = 0, nanos = 0 } = decodeMessage(bytes, type);
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) throw broken("a time is out of range");
  const whole = date.toISOString().slice(0, -5);
  return withMicroseconds ? `${whole}.${String(Math.floor(Number(nanos) / 1000)).padStart(6, "0")}Z` : `${whole}Z`;
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw broken("a string is not UTF-8");
  }
}
