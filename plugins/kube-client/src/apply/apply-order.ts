import type { KubeObject } from "@skerry/contracts";
import type { ManifestDocument } from "./manifest-documents.ts";

export interface ManifestObject {
  readonly place: string;
  readonly object: KubeObject;
}

/** What a document has to be at the least; else why it is not. */
export function manifestObject({ place, value, problem }: ManifestDocument): ManifestObject | string {
  if (problem !== undefined) return problem;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "it is no object";
  const { apiVersion, kind, metadata } = value as Partial<KubeObject>;
  if (typeof apiVersion !== "string" || apiVersion === "") return "apiVersion is not set";
  if (typeof kind !== "string" || kind === "") return "kind is not set";
  if (typeof metadata !== "object" || metadata === null || typeof metadata.name !== "string" || metadata.name === "") {
    return `metadata.name of the ${kind} is not set`;
  }
  return { place, object: value as KubeObject };
}

/** Definitions and namespaces first, since others need them; otherwise as written. */
export function inApplyOrder(objects: readonly ManifestObject[]): readonly ManifestObject[] {
  const rank = ({ object }: ManifestObject) => (isDefinition(object) ? 0 : isNamespace(object) ? 1 : 2);
  return [...objects].sort((left, right) => rank(left) - rank(right));
}

export function isDefinition({ apiVersion, kind }: KubeObject): boolean {
  return kind === "CustomResourceDefinition" && apiVersion.startsWith("apiextensions.k8s.io/");
}

function isNamespace({ apiVersion, kind }: KubeObject): boolean {
  return kind === "Namespace" && apiVersion === "v1";
}
