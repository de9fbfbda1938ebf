import type { PodToken, PodTokenRequest } from "@skerry/contracts";
import { isObject, textAt } from "./member.ts";

/**
 * The stream that the cloud opens to a node, and on which the node asks for tokens: lines of JSON, a request each way up,
 * `{id, pod: {namespace, name, uid}, audience, expirationSeconds}`, and an answer to each way down, `{id, token,
 * lifetimeSeconds}` or `{id, error}`.
 */
export const tokenStreamKind = "pod-tokens";

/** Bytes of one line. */
export const longestRequest = 4 * 1024;
export const longestAnswer = 64 * 1024;

export interface NumberedRequest extends PodTokenRequest {
  readonly id: number;
}

export type NumberedAnswer = { readonly id: number } & (PodToken | { readonly error: string });

/** A request in a line; `undefined` for anything else. */
export function readTokenRequest(line: unknown): NumberedRequest | undefined {
  if (!isObject(line) || !isObject(line["pod"])) return undefined;
  const { id, audience, expirationSeconds } = line;
  const [namespace, name, uid] = ["namespace", "name", "uid"].map((field) => textAt(line, "pod", field));
  if (namespace === undefined || name === undefined || uid === undefined) return undefined;
  if (!isCount(id) || typeof audience !== "string" || !isCount(expirationSeconds)) return undefined;
  return { id, pod: { namespace, name, uid }, audience, expirationSeconds };
}

/** An answer in a line; `undefined` for anything else. */
export function readTokenAnswer(line: unknown): NumberedAnswer | undefined {
  if (!isObject(line)) return undefined;
  const { id, token, lifetimeSeconds, error } = line;
  if (!isCount(id)) return undefined;
  if (typeof error === "string") return { id, error };
  return typeof token === "string" && token !== "" && isCount(lifetimeSeconds)
    ? { id, token, lifetimeSeconds }
    : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
