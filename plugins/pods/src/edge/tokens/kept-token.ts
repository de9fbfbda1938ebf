import { isObject } from "../../shared/member.ts";
import type { TokenSource } from "../pod/pod.ts";

/** A token as a node keeps it. */
export interface KeptToken {
  readonly token: string;
  /** By the node's clock, milliseconds since the Unix epoch. */
  readonly receivedAt: number;
  readonly lifetimeMs: number;
}

const longestUseMs = 24 * 60 * 60 * 1000;
const usualSeconds = 60 * 60;

export const audienceOf = ({ audience = "" }: TokenSource): string => audience;
export const secondsOf = ({ expirationSeconds = usualSeconds }: TokenSource): number => expirationSeconds;

/** Names the token of a source in the store; begins with the Pod's uid. */
export function tokenKey(uid: string, source: TokenSource): string {
  return `${uid}/${secondsOf(source)}/${encodeURIComponent(audienceOf(source))}`;
}

/** When a newer one is to be had, as the kubelet does it: after 80 % of its life, and after a day at the latest. */
export function renewalAt({ receivedAt, lifetimeMs }: KeptToken): number {
  return receivedAt + Math.min(lifetimeMs * 0.8, longestUseMs);
}

export function expiryOf({ receivedAt, lifetimeMs }: KeptToken): number {
  return receivedAt + lifetimeMs;
}

export function encodeToken(token: KeptToken): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(token));
}

/** Throws for what is no token. */
export function decodeToken(bytes: Uint8Array): KeptToken {
  const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  if (!isObject(value)) throw new Error("it is no object");
  const { token, receivedAt, lifetimeMs } = value;
  if (typeof token !== "string" || typeof receivedAt !== "number" || typeof lifetimeMs !== "number") {
    throw new Error("it has no token");
  }
  return { token, receivedAt, lifetimeMs };
}
