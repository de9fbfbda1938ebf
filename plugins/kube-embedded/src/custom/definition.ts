import { isJsonObject, type JsonObject, type JsonValue, type PrinterColumn } from "../kinds.ts";
import type { ApiObject } from "../registry/api-object.ts";

/** The spec of a CustomResourceDefinition after its schema has been checked. */
export interface DefinitionSpec {
  readonly group: string;
  readonly scope: string;
  readonly names: DefinitionNames;
  readonly versions: readonly DefinitionVersion[];
  readonly conversion?: { readonly strategy: string };
  readonly preserveUnknownFields?: boolean;
}

export interface DefinitionNames {
  readonly plural: string;
  readonly kind: string;
  readonly singular?: string;
  readonly listKind?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

export interface DefinitionVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly deprecated?: boolean;
  readonly deprecationWarning?: string;
  readonly schema?: { readonly openAPIV3Schema?: JsonObject };
  readonly subresources?: { readonly status?: JsonObject; readonly scale?: JsonObject };
  readonly additionalPrinterColumns?: readonly PrinterColumn[];
  readonly selectableFields?: readonly { readonly jsonPath: string }[];
}

export interface DefinitionCondition {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
}

export interface DefinitionStatus {
  readonly acceptedNames?: DefinitionNames;
  readonly conditions?: readonly DefinitionCondition[];
  readonly storedVersions?: readonly string[];
}

export function specOf(definition: ApiObject): DefinitionSpec {
  return definition["spec"] as unknown as DefinitionSpec;
}

export function statusOf(definition: ApiObject): DefinitionStatus {
  const status = definition["status"];
  return isJsonObject(status) ? (status as unknown as DefinitionStatus) : {};
}

export function withStatus(definition: ApiObject, status: DefinitionStatus): ApiObject {
  return { ...definition, status: status as unknown as JsonValue };
}

/** The same with a condition set; its transition time moves only when its status does. */
export function withCondition(status: DefinitionStatus, condition: DefinitionCondition): DefinitionStatus {
  const conditions = status.conditions ?? [];
  const before = conditions.find(({ type }) => type === condition.type);
  const sameStatus = before?.status === condition.status;
  const next = sameStatus ? { ...condition, lastTransitionTime: before.lastTransitionTime } : condition;
  const others = conditions.map((it) => (it.type === condition.type ? next : it));
  return { ...status, conditions: before === undefined ? [...conditions, next] : others };
}

export function isEstablished(definition: ApiObject): boolean {
  return (statusOf(definition).conditions ?? []).some(
    ({ type, status }) => type === "Established" && status === "True",
  );
}
