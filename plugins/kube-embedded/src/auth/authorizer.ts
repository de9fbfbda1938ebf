import { forbidden, StatusError } from "../api/status-error.ts";
import { serviceAccountsGroup } from "../tokens/token-claims.ts";
import { isAuthenticated, mastersGroup, type User } from "./user.ts";

/** What a request wants to do to a resource. */
export interface ResourceAttributes {
  readonly verb: string;
  readonly group: string;
  readonly plural: string;
  readonly subresource?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

const openPaths = new Set(["healthz", "livez", "readyz", "version"]);
const discoveryPaths = new Set(["api", "apis", "openapi"]);
/** How to check tokens, for those who have one: `system:service-account-issuer-discovery` of Kubernetes. */
const issuerPaths = new Set([".well-known", "openid"]);
/** Asking about oneself is for everybody who has a name. */
const selfReviews = new Set([
  "authorization.k8s.io/selfsubjectaccessreviews",
  "authorization.k8s.io/selfsubjectrulesreviews",
  "authentication.k8s.io/selfsubjectreviews",
]);

/**
 * Everything for `system:masters`; discovery and questions about oneself for the authenticated, ServiceAccounts among them;
 * health for all. There are no roles: whoever is no master reads and writes no object.
 */
export function mayTouch(user: User, { verb, group, plural }: ResourceAttributes): boolean {
  if (user.groups.includes(mastersGroup)) return true;
  return isAuthenticated(user) && verb === "create" && selfReviews.has(`${group}/${plural}`);
}

/** The same for paths that are no resource. */
export function mayVisit(user: User, segments: readonly string[]): boolean {
  const [root = ""] = segments;
  if (openPaths.has(root) || user.groups.includes(mastersGroup)) return true;
  if (issuerPaths.has(root)) return user.groups.includes(serviceAccountsGroup);
  return isAuthenticated(user) && discoveryPaths.has(root);
}

export function refuseTouch(user: User, attributes: ResourceAttributes): StatusError {
  const { verb, group, plural, subresource, namespace, name = "" } = attributes;
  const resource = subresource === undefined ? plural : `${plural}/${subresource}`;
  const where = namespace === undefined ? "at the cluster scope" : `in the namespace "${namespace}"`;
  const why = `User "${user.name}" cannot ${verb} resource "${resource}" in API group "${group}" ${where}`;
  return forbidden({ group, plural }, name, why);
}

export function refuseVisit(user: User, verb: string, path: string): StatusError {
  return new StatusError(403, "Forbidden", `forbidden: User "${user.name}" cannot ${verb} path "${path}"`);
}
