import { parseDocument } from "yaml";
import { badRequest, unsupportedMediaType } from "../api/status-error.ts";
import type { JsonValue } from "../kinds.ts";
import { scanJson } from "./json-scan.ts";
import { mediaTypeOf } from "./media-type.ts";
import { decodeProtobuf, protobufType } from "./protobuf/decode-protobuf.ts";

export interface Body {
  readonly value: JsonValue;
  /** Paths of keys that an object had twice; the last one won. */
  readonly duplicates: readonly string[];
}

const objectTypes = ["application/json", "application/yaml"];

/** Decodes an object as JSON, YAML or protobuf by its Content-Type; no type means JSON. `415` for anything else. */
export function decodeBody(bytes: Uint8Array, contentType: string | undefined): Body {
  const type = mediaTypeOf(contentType);
  if (type === protobufType) return { value: decodeProtobuf(bytes), duplicates: [] };
  if (type === "application/yaml") return decodeYaml(textOf(bytes));
  if (type === "" || type === "application/json") return decodeJson(textOf(bytes));
  throw unsupportedMediaType(objectTypes);
}

export function decodeJson(text: string): Body {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch (cause) {
    throw badRequest(`the body is not valid JSON: ${(cause as Error).message}`);
  }
  return { value, duplicates: scanJson(text) };
}

/** YAML is first made JSON, so that it is held to the same limits. Aliases are bounded against expansion. */
export function decodeYaml(text: string): Body {
  let json: string;
  let duplicates: readonly string[];
  try {
    const document = parseDocument(text, { uniqueKeys: false, logLevel: "silent" });
    const problem = document.errors[0];
    if (problem !== undefined) throw badRequest(`the body is not valid YAML: ${problem.message}`);
    json = JSON.stringify(document.toJS({ maxAliasCount: 100 }) ?? null);
    duplicates = parseDocument(text, { logLevel: "silent" })
      .errors.filter((error) => error.code === "DUPLICATE_KEY")
      .map((error) => `key at line ${error.linePos?.[0].line ?? "?"}`);
  } catch (cause) {
    // The parser's own answers to too many aliases (ReferenceError) and too deep a nesting (RangeError), and that of
    // JSON to an alias of what contains it (TypeError).
    if (cause instanceof ReferenceError || cause instanceof RangeError || cause instanceof TypeError) {
      throw badRequest(`the body is not acceptable YAML: ${cause.message.split("\n")[0]}`);
    }
    throw cause;
  }
  return { value: decodeJson(json).value, duplicates };
}

export function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw badRequest("the body is not valid UTF-8");
  }
}
