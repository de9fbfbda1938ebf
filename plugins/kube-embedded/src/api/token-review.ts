import { decodeBody } from "../http/body.ts";
import type { ResourcePath } from "../http/request-path.ts";
import { isJsonObject, type JsonObject } from "../kinds.ts";
import { memberAt, textAt } from "../printing/member-at.ts";
import type { BearerTokens } from "../tokens/bearer-tokens.ts";
import { type ApiAnswer, type ApiRequest, jsonAnswer } from "./api-request.ts";
import { userInfo } from "./self-reviews.ts";
import { badRequest, methodNotAllowed } from "./status-error.ts";

export function isTokenReview({ group, version, plural }: ResourcePath): boolean {
  return group === "authentication.k8s.io" && version === "v1" && plural === "tokenreviews";
}

/** Says whose a token is, to those who may ask about others. */
export function answerTokenReview(request: ApiRequest, path: ResourcePath, tokens: BearerTokens): ApiAnswer {
  if (request.method !== "POST" || path.name !== undefined) throw methodNotAllowed();
  const body = decodeBody(request.body, request.contentType).value;
  if (!isJsonObject(body)) throw badRequest("a review must be a JSON object");
  const answer = {
    ...body,
    kind: "TokenReview",
    apiVersion: "authentication.k8s.io/v1",
    metadata: {},
    status: statusOf(body, tokens),
  };
  return jsonAnswer(201, answer);
}

function statusOf(body: JsonObject, tokens: BearerTokens): JsonObject {
  const token = textAt(body, "spec", "token");
  if (token === "") throw badRequest("token is required for TokenReview in authentication");
  const asked = memberAt(body, "spec", "audiences");
  const audiences = Array.isArray(asked) ? asked.filter((it): it is string => typeof it === "string") : [];
  const found = audiences.length === 0 ? tokens.verify(token) : tokens.verify(token, audiences);
  if (found === undefined) return { user: {}, error: "the token is not valid, or not for these audiences" };
  return { authenticated: true, user: userInfo(found.user), audiences: found.audiences };
}
