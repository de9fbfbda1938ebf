import type { Clock, Logger, Random } from "@skerry/contracts";
import { errorFamily, errorMessage } from "@skerry/plugin";
import { mayTouch, mayVisit, refuseTouch, refuseVisit } from "../auth/authorizer.ts";
import { negotiate } from "../http/media-type.ts";
import { parseRequestPath } from "../http/request-path.ts";
import type { JsonObject, KindInfo } from "../kinds.ts";
import type { KindRegistry } from "../registry/kind-registry.ts";
import type { ObjectStore } from "../registry/object-store.ts";
import type { ObjectWriter } from "../registry/object-writer.ts";
import type { BearerTokens } from "../tokens/bearer-tokens.ts";
import type { SigningKey } from "../tokens/signing-key.ts";
import type { TokenIssuer } from "../tokens/token-issuer.ts";
import { type ApiAnswer, type ApiRequest, jsonAnswer } from "./api-request.ts";
import {
  aggregatedDiscovery,
  apiGroupList,
  apiGroupOf,
  apiResourceList,
  apiVersions,
  reviewKinds,
} from "./discovery.ts";
import { issuerDocument } from "./issuer-documents.ts";
import { OpenApiDocuments } from "./open-api-documents.ts";
import { ResourceApi } from "./resource-api.ts";
import { answerSelfReview, isSelfReview } from "./self-reviews.ts";
import { serverVersion } from "./server-version.ts";
import { methodNotAllowed, noSuchPath, StatusError } from "./status-error.ts";
import { answerTokenReview, isTokenReview } from "./token-review.ts";

export interface ApiServerParts {
  readonly store: ObjectStore;
  readonly kinds: KindRegistry;
  readonly writer: ObjectWriter;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly version: string;
  /** `host:port` as clients reach it. */
  readonly address: () => string;
  readonly tokens: BearerTokens;
  readonly issuer: TokenIssuer;
  readonly signingKey: SigningKey;
}

/** The Kubernetes API without its transport: one answer for each request, failures included. */
export class ApiServer {
  readonly #parts: ApiServerParts;
  readonly #resources: ResourceApi;
  readonly #openApi: OpenApiDocuments;

  constructor(parts: ApiServerParts) {
    const { kinds, issuer } = parts;
    this.#parts = parts;
    this.#openApi = new OpenApiDocuments(kinds);
    const services = { issueToken: issuer.issue.bind(issuer) };
    this.#resources = new ResourceApi({ ...parts, services });
  }

  /** Never rejects: what goes wrong is answered with a Status. */
  async handle(request: ApiRequest): Promise<ApiAnswer> {
    try {
      return await this.#route(request);
    } catch (error) {
      return failure(error, request, this.#parts.logger);
    }
  }

  async #route(request: ApiRequest): Promise<ApiAnswer> {
    const path = parseRequestPath(request.path);
    if (path.type === "other") return this.#other(request, path.segments);
    if (isSelfReview(path) || isTokenReview(path)) {
      const attributes = { verb: "create", ...path };
      if (!mayTouch(request.user, attributes)) throw refuseTouch(request.user, attributes);
      return isTokenReview(path)
        ? answerTokenReview(request, path, this.#parts.tokens)
        : answerSelfReview(request, path, this.#parts.writer.now());
    }
    return this.#resources.handle(request, path);
  }

  #other(request: ApiRequest, segments: readonly string[]): ApiAnswer {
    if (!mayVisit(request.user, segments)) throw refuseVisit(request.user, request.method.toLowerCase(), request.path);
    if (request.method !== "GET" && request.method !== "HEAD") throw methodNotAllowed();
    const [root, ...rest] = segments;
    switch (root) {
      case "healthz":
      case "livez":
      case "readyz":
        return { status: 200, contentType: "text/plain; charset=utf-8", body: "ok" };
      case "version":
        return jsonAnswer(200, serverVersion(this.#parts.version));
      case "api":
        return this.#discover(request, rest, "");
      case "apis":
        return this.#discover(request, rest.slice(1), rest[0]);
      case "openapi":
        return this.#openApi.answer(rest);
      case ".well-known":
      case "openid":
        return found(issuerDocument(segments.join("/"), this.#parts.address(), this.#parts.signingKey));
      case undefined:
        return jsonAnswer(200, { paths: this.#paths() });
      default:
        throw noSuchPath();
    }
  }

  /** @param group `undefined` for `/apis` itself */
  #discover(request: ApiRequest, [version]: readonly string[], group: string | undefined): ApiAnswer {
    const kinds = this.#kinds();
    const accepted = negotiate(request.accept);
    const isRoot = group === undefined || (group === "" && version === undefined);
    if (isRoot && accepted.discovery) {
      return jsonAnswer(200, aggregatedDiscovery(kinds, group === "", accepted.version), accepted.contentType);
    }
    if (group === undefined) return jsonAnswer(200, apiGroupList(kinds));
    if (isRoot) return jsonAnswer(200, apiVersions(this.#parts.address()));
    return found(version === undefined ? apiGroupOf(group, kinds) : apiResourceList(group, version, kinds));
  }

  #kinds(): readonly KindInfo[] {
    return [...this.#parts.kinds.infos(), ...reviewKinds];
  }

  #paths(): readonly string[] {
    const groupVersions = new Set(
      this.#kinds().map(({ group, version }) => (group === "" ? `/api/${version}` : `/apis/${group}/${version}`)),
    );
    const tokens = ["/.well-known/openid-configuration", "/openid/v1/jwks"];
    const fixed = [
      "/api",
      "/apis",
      "/healthz",
      "/livez",
      "/openapi/v2",
      "/openapi/v3",
      "/readyz",
      "/version",
      ...tokens,
    ];
    return [...fixed, ...groupVersions].sort();
  }
}

function found(document: JsonObject | undefined): ApiAnswer {
  if (document === undefined) throw noSuchPath();
  return jsonAnswer(200, document);
}

/** A Status for anything thrown: what we meant to answer, storage that is full or away, or a fault of ours. */
export function failure(error: unknown, request: Pick<ApiRequest, "method" | "path">, logger: Logger): ApiAnswer {
  if (error instanceof StatusError) return statusAnswer(error);
  logger.error("a request failed", { method: request.method, path: request.path, error });
  const status =
    errorFamily(error) === "unavailable"
      ? new StatusError(503, "ServiceUnavailable", errorMessage(error), { retryAfterSeconds: 1 })
      : new StatusError(500, "InternalError", `Internal error occurred: ${errorMessage(error)}`);
  return statusAnswer(status);
}

function statusAnswer(error: StatusError): ApiAnswer {
  const answer = jsonAnswer(error.code, error.toStatus());
  const { retryAfterSeconds } = error.details;
  return retryAfterSeconds === undefined
    ? answer
    : { ...answer, headers: { "Retry-After": String(retryAfterSeconds) } };
}
