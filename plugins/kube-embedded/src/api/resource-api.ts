import type { Clock, Random } from "@skerry/contracts";
import { stringify } from "yaml";
import { mayTouch, type ResourceAttributes, refuseTouch } from "../auth/authorizer.ts";
import { decodeBody } from "../http/body.ts";
import { negotiate } from "../http/media-type.ts";
import type { ResourcePath } from "../http/request-path.ts";
import type { KindRegistry } from "../registry/kind-registry.ts";
import type { ObjectStore } from "../registry/object-store.ts";
import type { ObjectWriter } from "../registry/object-writer.ts";
import type { ServedKind } from "../registry/served-kind.ts";
import type { PartServices, Subresource } from "../registry/subresource.ts";
import type { ApiAnswer, ApiRequest } from "./api-request.ts";
import { jsonAnswer } from "./api-request.ts";
import { deleteOptions } from "./delete-options.ts";
import { statusVerbs } from "./discovery.ts";
import { decodePatch } from "./patch-body.ts";
import { includeObjectOf, Presentation } from "./presentation.ts";
import { listQuery, truth } from "./query.ts";
import { address, type Call, writeOptions } from "./resource-call.ts";
import { ResourceReader } from "./resource-reader.ts";
import { methodNotAllowed, noSuchPath, notAcceptable } from "./status-error.ts";
import { SubresourceApi } from "./subresource-api.ts";

/** Kinds whose objects are the answer to their deletion, as in Kubernetes; others are answered with a Status. */
const answeredWithThemselves = new Set(["/namespaces", "/pods", "/services", "/serviceaccounts"]);

export interface ResourceApiParts {
  readonly store: ObjectStore;
  readonly kinds: KindRegistry;
  readonly writer: ObjectWriter;
  readonly clock: Clock;
  readonly random: Random;
  readonly services: PartServices;
}

/** Everything below `/api/v1` and `/apis/<group>/<version>` that is an object. */
export class ResourceApi {
  readonly #kinds: KindRegistry;
  readonly #writer: ObjectWriter;
  readonly #reader: ResourceReader;
  readonly #clock: Clock;
  readonly #parts: SubresourceApi;

  constructor({ store, kinds, writer, clock, random, services }: ResourceApiParts) {
    this.#kinds = kinds;
    this.#writer = writer;
    this.#reader = new ResourceReader(store, kinds, clock, random);
    this.#clock = clock;
    this.#parts = new SubresourceApi(store, writer, services);
  }

  async handle(request: ApiRequest, path: ResourcePath): Promise<ApiAnswer> {
    const verb = verbOf(request, path);
    const attributes: ResourceAttributes = { verb, ...path, namespace: namespaceFor(path) };
    // First of all, so that nobody learns from the answer what exists.
    if (!mayTouch(request.user, attributes)) throw refuseTouch(request.user, attributes);
    const kind = this.#kinds.find(path.group, path.version, path.plural);
    if (kind === undefined) throw noSuchPath();
    refuseUnserved(kind, path);
    if (!fits(kind, path)) throw noSuchPath();
    const part = kind.subresources?.find(({ name }) => name === path.subresource);
    if (path.subresource !== undefined && !verbsBelow(path, part).includes(verb)) throw methodNotAllowed();
    if (kind.info.verbs?.includes(verb) === false) {
      throw methodNotAllowed(`this server does not allow to ${verb} ${kind.info.plural}`);
    }
    const accepted = negotiate(request.accept);
    const call: Call = {
      request,
      kind,
      path,
      verb,
      presentation: new Presentation(kind, accepted, includeObjectOf(request.query), () => new Date(this.#clock.now())),
      contentType: accepted.contentType,
      warnings: kind.warning === undefined ? [] : [kind.warning],
    };
    if (verb === "watch" && accepted.encoding === "yaml") throw notAcceptable(["application/json"]);
    const answered = part === undefined ? await this.#dispatch(call) : await this.#parts.handle(call, part);
    const answer = accepted.encoding === "yaml" ? asYaml(answered) : answered;
    return call.warnings.length === 0 ? answer : { ...answer, warnings: call.warnings };
  }

  #dispatch(call: Call): Promise<ApiAnswer> | ApiAnswer {
    const { kind, path, request, presentation } = call;
    const scope = { kind, namespace: path.namespace, presentation, request, contentType: call.contentType };
    switch (call.verb) {
      case "get":
        return this.#reader.get(scope, path.name ?? "");
      case "list":
        return this.#reader.list(scope);
      case "watch":
        return this.#reader.watch(scope, path.name);
      case "create":
        return this.#create(call);
      case "update":
        return this.#update(call);
      case "patch":
        return this.#patch(call);
      case "delete":
        return this.#delete(call);
      case "deletecollection":
        return this.#deleteCollection(call);
      default:
        throw methodNotAllowed();
    }
  }

  async #create(call: Call): Promise<ApiAnswer> {
    const { kind, path, request } = call;
    if (kind.info.namespaced && path.namespace === undefined) throw methodNotAllowed();
    const body = decodeBody(request.body, request.contentType);
    const object = await this.#writer.create(kind, path.namespace, { ...body, source: "body" }, writeOptions(call));
    return shown(call, 201, object);
  }

  async #update(call: Call): Promise<ApiAnswer> {
    const body = decodeBody(call.request.body, call.request.contentType);
    const input = { ...body, source: "body" } as const;
    const { object, created } = await this.#writer.update(address(call), subresource(call), input, writeOptions(call));
    return shown(call, created ? 201 : 200, object);
  }

  async #patch(call: Call): Promise<ApiAnswer> {
    const change = decodePatch(call.kind, call.request.body, call.request.contentType);
    return shown(call, 200, await this.#writer.patch(address(call), subresource(call), change, writeOptions(call)));
  }

  async #delete(call: Call): Promise<ApiAnswer> {
    const { kind, request } = call;
    const options = deleteOptions(request.body, request.contentType, request.query);
    const { object, removed } = await this.#writer.delete(address(call), options);
    if (!removed || answeredWithThemselves.has(kind.storage)) {
      return shown(call, options.propagationPolicy === "Foreground" ? 202 : 200, object);
    }
    const { group, plural } = kind.info;
    const { name, uid } = object.metadata;
    const details = { name, ...(group === "" ? {} : { group }), kind: plural, uid };
    return jsonAnswer(200, { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details });
  }

  async #deleteCollection(call: Call): Promise<ApiAnswer> {
    const { kind, path, request, presentation } = call;
    const { matches } = listQuery(request.query, kind);
    const options = deleteOptions(request.body, request.contentType, request.query);
    const items = await this.#writer.deleteCollection(kind, path.namespace, matches, options);
    if (presentation.isTable) return jsonAnswer(200, presentation.table(items, {}));
    const list = presentation.list(items, {});
    return jsonAnswer(200, { ...list.head, items: list.items });
  }
}

function verbOf({ method, query }: ApiRequest, { name }: ResourcePath): string {
  if (method === "GET" || method === "HEAD") {
    if (truth(query, "watch")) return "watch";
    return name === undefined ? "list" : "get";
  }
  if (method === "POST") return "create";
  if (method === "PUT") return "update";
  if (method === "PATCH") return "patch";
  if (method === "DELETE") return name === undefined ? "deletecollection" : "delete";
  throw methodNotAllowed();
}

/** For the authoriser, and its message, a namespace is inside itself. */
function namespaceFor({ group, plural, namespace, name }: ResourcePath): string | undefined {
  return group === "" && plural === "namespaces" ? name : namespace;
}

function fits(kind: ServedKind, { namespace, name, subresource }: ResourcePath): boolean {
  const { status, others = [] } = kind.info.subresources;
  const isPart = (subresource === "status" && status) || others.some((it) => it.name === subresource);
  if (subresource !== undefined && !isPart) return false;
  if (!kind.info.namespaced) return namespace === undefined;
  return namespace !== undefined || name === undefined;
}

function verbsBelow({ subresource }: ResourcePath, part: Subresource | undefined): readonly string[] {
  return subresource === "status" ? statusVerbs : (part?.verbs ?? []);
}

function refuseUnserved({ unserved = {} }: ServedKind, { subresource = "" }: ResourcePath): void {
  const why = Object.hasOwn(unserved, subresource) ? unserved[subresource] : undefined;
  if (why !== undefined) throw methodNotAllowed(why);
}

function subresource({ path }: Call): "status" | undefined {
  return path.subresource === undefined ? undefined : "status";
}

function asYaml(answer: ApiAnswer): ApiAnswer {
  const text = typeof answer.body === "string" ? answer.body : [...(answer.body as Iterable<string>)].join("");
  return { ...answer, contentType: "application/yaml", body: stringify(JSON.parse(text)) };
}

function shown(
  { presentation, contentType }: Call,
  status: number,
  object: Parameters<Presentation["one"]>[0],
): ApiAnswer {
  return jsonAnswer(status, presentation.one(object), contentType);
}
