import { groupVersionOf, type JsonObject } from "../../kinds.ts";
import type { ApiObject } from "../../registry/api-object.ts";
import type { ServedKind } from "../../registry/served-kind.ts";

/** `metav1.OwnerReference` as far as controllers look at it. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller: boolean;
  readonly blockOwnerDeletion: boolean;
}

export function ownersOf(object: ApiObject): readonly OwnerReference[] {
  return (object.metadata.ownerReferences ?? []).map((reference) => ({
    apiVersion: String(reference["apiVersion"]),
    kind: String(reference["kind"]),
    name: String(reference["name"]),
    uid: String(reference["uid"]),
    controller: reference["controller"] === true,
    blockOwnerDeletion: reference["blockOwnerDeletion"] === true,
  }));
}

/** The owner that manages an object, of which there is one at most. */
export function controllerOf(object: ApiObject): OwnerReference | undefined {
  return ownersOf(object).find(({ controller }) => controller);
}

/** Whether an object is managed by this very owner, not by another life of its name. */
export function isControlledBy(object: ApiObject, owner: ApiObject): boolean {
  return controllerOf(object)?.uid === owner.metadata.uid;
}

/** Whether a reference names an owner of this kind, in any version of it. */
export function refersTo(reference: OwnerReference, { info }: ServedKind): boolean {
  const [group] = reference.apiVersion.includes("/") ? reference.apiVersion.split("/") : [""];
  return reference.kind === info.kind && group === info.group;
}

export function controllerReference(kind: ServedKind, owner: ApiObject): JsonObject {
  const { name, uid = "" } = owner.metadata;
  return {
    apiVersion: groupVersionOf(kind.info),
    kind: kind.info.kind,
    name,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}
