import { errorFamily, errorMessage } from "@skerry/plugin";
import { decodeJson, decodeYaml, textOf } from "../http/body.ts";
import { mediaTypeOf } from "../http/media-type.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../kinds.ts";
import { jsonPatch } from "../patch/json-patch.ts";
import { mergePatch } from "../patch/merge-patch.ts";
import { strategicMergePatch } from "../patch/strategic-merge-patch.ts";
import type { ApiObject } from "../registry/api-object.ts";
import type { ServedKind } from "../registry/served-kind.ts";
import { badRequest, StatusError, unsupportedMediaType } from "./status-error.ts";

/** Most operations of one JSON patch. */
const mostOperations = 10_000;
const types = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  apply: "application/apply-patch+yaml",
} as const;

/** Reads a patch by its Content-Type and returns what it does to an object. */
export function decodePatch(
  kind: ServedKind,
  bytes: Uint8Array,
  contentType: string | undefined,
): (object: ApiObject) => JsonValue {
  const type = mediaTypeOf(contentType);
  const accepted = kind.strategy.custom ? [types.json, types.merge] : [types.json, types.merge, types.strategic];
  if (type === types.apply) {
    throw unsupportedMediaType(
      accepted,
      " (this server does not do server-side apply; kubectl apply without --server-side works)",
    );
  }
  if (!accepted.some((it) => it === type)) throw unsupportedMediaType(accepted);
  const text = textOf(bytes);
  const { value } =
    text.trimStart().startsWith("{") || text.trimStart().startsWith("[") ? decodeJson(text) : decodeYaml(text);
  if (type === types.json) {
    const operations = operationsOf(value);
    return (object) => applied(422, () => jsonPatch(object, operations));
  }
  if (!isJsonObject(value)) throw badRequest(`a patch of type ${type} must be a JSON object`);
  if (type === types.merge) return (object) => applied(400, () => mergePatch(object, value));
  return (object) => applied(400, () => strategicMergePatch(object, value, kind.info));
}

function operationsOf(value: JsonValue): readonly JsonObject[] {
  if (!Array.isArray(value) || !value.every(isJsonObject)) {
    throw badRequest("a JSON patch must be a list of operations");
  }
  if (value.length <= mostOperations) return value;
  const message = `the allowed maximum operations in a JSON patch is ${mostOperations}, got ${value.length}`;
  throw new StatusError(413, "RequestEntityTooLarge", message);
}

function applied(status: 400 | 422, patch: () => JsonValue): JsonValue {
  try {
    return patch();
  } catch (error) {
    if (errorFamily(error) !== "invalid") throw error;
    if (status === 400) throw badRequest(errorMessage(error));
    throw new StatusError(422, "Invalid", `the patch cannot be applied: ${errorMessage(error)}`);
  }
}
