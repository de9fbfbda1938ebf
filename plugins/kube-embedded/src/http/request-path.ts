import { badRequest } from "../api/status-error.ts";

/** What a path of the API names. */
export type RequestPath = ResourcePath | NonResourcePath;

/** `/api/v1/…` and `/apis/<group>/<version>/…` down to a resource. */
export interface ResourcePath {
  readonly type: "resource";
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

export interface NonResourcePath {
  readonly type: "other";
  readonly segments: readonly string[];
}

/** Splits a request's path as the Kubernetes API conventions lay resources out; `400` for broken escapes. */
export function parseRequestPath(path: string): RequestPath {
  const segments = path
    .split("/")
    .filter((segment) => segment !== "")
    .map(decoded);
  const [root, ...rest] = segments;
  if (root === "api" && rest.length >= 2) return resourcePath("", rest) ?? { type: "other", segments };
  const [group, ...below] = rest;
  if (root === "apis" && group !== undefined && below.length >= 2) {
    return resourcePath(group, below) ?? { type: "other", segments };
  }
  return { type: "other", segments };
}

/** Subresources of a namespace, which look like resources inside it. */
const namespaceSubresources = new Set(["status", "finalize"]);

function resourcePath(group: string, segments: readonly string[]): ResourcePath | undefined {
  const [version = "", first = "", second, third, ...more] = segments;
  const inNamespace = first === "namespaces" && second !== undefined && third !== undefined;
  if (inNamespace && !(group === "" && namespaceSubresources.has(third) && more.length === 0)) {
    const [name, subresource, ...tail] = more;
    return tail.length > 0 ? undefined : path({ group, version, plural: third, namespace: second, name, subresource });
  }
  return more.length > 0 ? undefined : path({ group, version, plural: first, name: second, subresource: third });
}

function path(parts: {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespace?: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}): ResourcePath {
  const { group, version, plural, namespace, name, subresource } = parts;
  return {
    type: "resource",
    group,
    version,
    plural,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw badRequest(`the path segment ${JSON.stringify(segment)} is not valid percent-encoding`);
  }
}
