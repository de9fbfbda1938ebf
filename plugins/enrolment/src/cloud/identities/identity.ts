import type { KubeObject } from "@skerry/contracts";
import { systemNamespace } from "../kinds.ts";

/** Which certificates are a node's, as a ConfigMap of the cluster says. */
export interface Identity {
  readonly node: string;
  /** Those it may use, newest last. */
  readonly certificates: readonly KnownCertificate[];
  /** RFC 3339: when all there were until then were revoked. */
  readonly revoked: string | undefined;
}

export interface KnownCertificate {
  readonly serial: string;
  /** RFC 3339 */
  readonly expires: string;
  /** SHA-256 of its key. */
  readonly key: string;
}

export const identityLabel = "edge.skerry.dev/node-identity";
const prefix = "node.";

export const identityName = (node: string) => ({ name: `${prefix}${node}`, namespace: systemNamespace });

export function identityData({ certificates, revoked }: Identity): Readonly<Record<string, string>> {
  return { certificates: JSON.stringify(certificates), revoked: revoked ?? "" };
}

export function identityObject(identity: Identity): KubeObject {
  const metadata = { ...identityName(identity.node), labels: { [identityLabel]: "true" } };
  return { apiVersion: "v1", kind: "ConfigMap", metadata, data: identityData(identity) };
}

/** One that somebody spoiled has no certificates: it lets nobody in. */
export function readIdentity(object: KubeObject): Identity {
  const data = (object["data"] ?? {}) as Readonly<Record<string, string>>;
  return {
    node: object.metadata.name.slice(prefix.length),
    certificates: readCertificates(data["certificates"] ?? "[]"),
    revoked: data["revoked"] || undefined,
  };
}

function readCertificates(text: string): readonly KnownCertificate[] {
  try {
    const value: unknown = JSON.parse(text);
    const isKnown = (one: Partial<Record<keyof KnownCertificate, unknown>> | null) =>
      typeof one?.serial === "string" && typeof one.expires === "string" && typeof one.key === "string";
    return Array.isArray(value) && value.every(isKnown) ? value : [];
  } catch {
    return [];
  }
}
