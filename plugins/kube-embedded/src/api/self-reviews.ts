import { mayTouch, mayVisit, type ResourceAttributes } from "../auth/authorizer.ts";
import type { User } from "../auth/user.ts";
import { decodeBody } from "../http/body.ts";
import type { ResourcePath } from "../http/request-path.ts";
import { isJsonObject, type JsonObject } from "../kinds.ts";
import { type ApiAnswer, type ApiRequest, jsonAnswer } from "./api-request.ts";
import { selfReviewKinds } from "./discovery.ts";
import { badRequest, methodNotAllowed } from "./status-error.ts";

/** Whether a path is a question about oneself, which nothing stores. */
export function isSelfReview(path: ResourcePath): boolean {
  return selfReviewKinds.some(
    ({ group, version, plural }) => group === path.group && version === path.version && plural === path.plural,
  );
}

/** Answers `kubectl auth can-i`, with `--list` too, and `kubectl auth whoami`. */
export function answerSelfReview(request: ApiRequest, path: ResourcePath, now: string): ApiAnswer {
  if (request.method !== "POST" || path.name !== undefined) throw methodNotAllowed();
  const body = decodeBody(request.body, request.contentType).value;
  if (!isJsonObject(body)) throw badRequest("a review must be a JSON object");
  const status = answers[path.plural]?.(request.user, body) ?? {};
  const { kind = "", group = "", version = "" } = selfReviewKinds.find(({ plural }) => plural === path.plural) ?? {};
  const answer = { ...body, kind, apiVersion: `${group}/${version}`, metadata: { creationTimestamp: now }, status };
  return jsonAnswer(201, answer);
}

const answers: Readonly<Record<string, (user: User, body: JsonObject) => JsonObject>> = {
  selfsubjectreviews: whoAmI,
  selfsubjectaccessreviews: canI,
  selfsubjectrulesreviews: rulesOf,
};

/** Everything, or for those who are no masters what the authoriser grants to the authenticated. */
function rulesOf(user: User): JsonObject {
  const all = mayTouch(user, { verb: "*", group: "*", plural: "*" });
  const reviews = selfReviewKinds.map(({ group, plural }) => ({
    verbs: ["create"],
    apiGroups: [group],
    resources: [plural],
  }));
  const open = ["/healthz", "/livez", "/readyz", "/version", "/api", "/api/*", "/apis", "/apis/*", "/openapi/*"];
  return {
    incomplete: false,
    resourceRules: all ? [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }] : reviews,
    nonResourceRules: [{ verbs: all ? ["*"] : ["get"], nonResourceURLs: all ? ["*"] : open }],
  };
}

function whoAmI(user: User): JsonObject {
  return { userInfo: userInfo(user) };
}

/** `authentication.k8s.io/v1` UserInfo. */
export function userInfo({ name, uid, groups, extra }: User): JsonObject {
  return { username: name, ...(uid === undefined ? {} : { uid }), groups, ...(extra === undefined ? {} : { extra }) };
}

function canI(user: User, { spec }: JsonObject): JsonObject {
  if (!isJsonObject(spec)) throw badRequest("spec: Required value");
  const { resourceAttributes, nonResourceAttributes } = spec;
  if (isJsonObject(resourceAttributes)) {
    const attributes: ResourceAttributes = {
      verb: String(resourceAttributes["verb"] ?? ""),
      group: String(resourceAttributes["group"] ?? ""),
      plural: String(resourceAttributes["resource"] ?? ""),
    };
    return { allowed: mayTouch(user, attributes) };
  }
  if (isJsonObject(nonResourceAttributes)) {
    const path = String(nonResourceAttributes["path"] ?? "");
    return {
      allowed: mayVisit(
        user,
        path.split("/").filter((segment) => segment !== ""),
      ),
    };
  }
  throw badRequest("spec: exactly one of nonResourceAttributes or resourceAttributes must be specified");
}
