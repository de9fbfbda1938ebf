import type { KubeObject } from "@skerry/contracts";
import { systemNamespace } from "../kinds.ts";

/** A token as the cloud knows it: without its secret. */
export interface StoredToken {
  readonly id: string;
  /** SHA-256 of the secret, in hexadecimal. */
  readonly hash: string;
  /** Milliseconds since the Unix epoch. */
  readonly created: number;
  readonly expires: number;
  /** How many machines may join with it. */
  readonly uses: number;
  /** The only node it is for. */
  readonly node: string | undefined;
  /** Who joined with it. */
  readonly used: readonly TokenUse[];
}

export interface TokenUse {
  readonly node: string;
  /** SHA-256 of the node's key: the same machine may ask again when it did not get the answer. */
  readonly key: string;
}

export const tokenType = "edge.skerry.dev/join-token";
export const tokenLabel = "edge.skerry.dev/join-token";
const prefix = "join-token-";

export const tokenName = (id: string) => ({ name: `${prefix}${id}`, namespace: systemNamespace });

export function tokenSecret(token: StoredToken): KubeObject {
  const { id, node = "" } = token;
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { ...tokenName(id), labels: { [tokenLabel]: "true" } },
    type: tokenType,
    data: {
      hash: base64(token.hash),
      created: base64(new Date(token.created).toISOString()),
      expires: base64(new Date(token.expires).toISOString()),
      uses: base64(String(token.uses)),
      node: base64(node),
      used: base64(JSON.stringify(token.used)),
    },
  };
}

/** `undefined`: it is no token, or somebody spoiled it. */
export function readToken({ metadata, ...object }: KubeObject): StoredToken | undefined {
  const data = object["data"] as Readonly<Record<string, string>> | undefined;
  const text = (field: string) => Buffer.from(data?.[field] ?? "", "base64").toString("utf8");
  const [created, expires, uses] = [Date.parse(text("created")), Date.parse(text("expires")), Number(text("uses"))];
  const used = readUses(text("used"));
  if (object["type"] !== tokenType || !metadata.name.startsWith(prefix) || used === undefined) return undefined;
  if (Number.isNaN(created + expires) || !Number.isSafeInteger(uses)) return undefined;
  const node = text("node");
  return {
    id: metadata.name.slice(prefix.length),
    hash: text("hash"),
    created,
    expires,
    uses,
    used,
    node: node === "" ? undefined : node,
  };
}

function readUses(text: string): readonly TokenUse[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isUse = (use: { node?: unknown; key?: unknown } | null) =>
      typeof use?.node === "string" && typeof use.key === "string";
    return Array.isArray(value) && value.every(isUse) ? value : undefined;
  } catch {
    return undefined;
  }
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
