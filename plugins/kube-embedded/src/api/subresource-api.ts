import { decodeBody } from "../http/body.ts";
import { groupVersionOf, isJsonObject, type JsonObject, type JsonValue } from "../kinds.ts";
import { type ApiObject, objectKey } from "../registry/api-object.ts";
import type { ObjectStore } from "../registry/object-store.ts";
import type { ObjectWriter } from "../registry/object-writer.ts";
import type { AnsweredPart, PartServices, Subresource, WrittenPart } from "../registry/subresource.ts";
import { type ApiAnswer, jsonAnswer } from "./api-request.ts";
import { decodePatch } from "./patch-body.ts";
import { address, type Call, writeOptions } from "./resource-call.ts";
import { badRequest, notFound } from "./status-error.ts";

/** Reads and writes the parts of objects that have a form of their own, such as `scale`. */
export class SubresourceApi {
  readonly #store: ObjectStore;
  readonly #writer: ObjectWriter;
  readonly #services: PartServices;

  constructor(store: ObjectStore, writer: ObjectWriter, services: PartServices) {
    this.#store = store;
    this.#writer = writer;
    this.#services = services;
  }

  async handle(call: Call, part: Subresource): Promise<ApiAnswer> {
    const { request, kind } = call;
    if ("answer" in part) return this.#answer(call, part);
    if (call.verb === "get") return shown(part, this.#get(call));
    if (call.verb === "patch") {
      const change = decodePatch(kind, request.body, request.contentType);
      const patched = (object: ApiObject) => change(part.read?.(object) as ApiObject);
      return shown(part, await this.#write(call, part, patched));
    }
    const { value } = decodeBody(request.body, request.contentType);
    const object = await this.#write(call, part, () => value);
    if (call.verb !== "create") return shown(part, object);
    return jsonAnswer(201, { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 });
  }

  #answer(call: Call, part: AnsweredPart): ApiAnswer {
    const { request, contentType } = call;
    const object = this.#get(call);
    const { value } = decodeBody(request.body, request.contentType);
    checkBody(part, value, object);
    return jsonAnswer(201, part.answer(object, value, this.#services), contentType);
  }

  #get(call: Call): ApiObject {
    const { kind, namespace, name } = address(call);
    const object = this.#store.collection(kind.storage).get(objectKey(namespace, name));
    if (object === undefined) throw notFound(kind.info, name);
    return kind.encode(object);
  }

  #write(call: Call, part: WrittenPart, bodyFor: (object: ApiObject) => JsonValue): Promise<ApiObject> {
    const change = (object: ApiObject) => {
      const body = bodyFor(object);
      checkBody(part, body, object);
      return part.write(object, body, this.#writer.now());
    };
    return this.#writer.patch(address(call), part.target, change, writeOptions(call));
  }
}

function shown(part: WrittenPart, object: ApiObject): ApiAnswer {
  return jsonAnswer(200, part.read?.(object) ?? object);
}

function checkBody(part: Subresource, body: JsonValue, object: ApiObject): asserts body is JsonObject {
  if (!isJsonObject(body)) throw badRequest(`a ${part.kind} must be a JSON object`);
  const { kind = part.kind, apiVersion = groupVersionOf(part), metadata } = body;
  if (kind !== part.kind || apiVersion !== groupVersionOf(part)) {
    throw badRequest(`a ${groupVersionOf(part)} ${part.kind} was expected, not a ${apiVersion} ${kind}`);
  }
  const name = isJsonObject(metadata) ? metadata["name"] : undefined;
  if (name !== undefined && name !== "" && name !== object.metadata.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${object.metadata.name})`);
  }
}
