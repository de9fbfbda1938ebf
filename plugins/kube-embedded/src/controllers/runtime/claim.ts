import { StatusError } from "../../api/status-error.ts";
import { isJsonObject, type JsonObject } from "../../kinds.ts";
import { memberAt } from "../../printing/member-at.ts";
import { type ApiObject, withMetadata } from "../../registry/api-object.ts";
import { matchesSelector } from "../../registry/builtin/label-selector.ts";
import type { ServedKind } from "../../registry/served-kind.ts";
import type { ClusterObjects } from "./cluster-objects.ts";
import { controllerOf, controllerReference, isControlledBy } from "./owner-reference.ts";

/** What an owner does about an object: it has it, takes it, lets it go, or has nothing to do with it. */
export type Claim = "keep" | "adopt" | "release" | "leave";

export function claimOf(object: ApiObject, owner: ApiObject): Claim {
  const controller = controllerOf(object);
  const isWanted = selects(owner, object);
  const isOwnerGoing = owner.metadata.deletionTimestamp !== undefined;
  if (controller === undefined) {
    return isWanted && !isOwnerGoing && object.metadata.deletionTimestamp === undefined ? "adopt" : "leave";
  }
  if (controller.uid !== owner.metadata.uid) return "leave";
  if (isWanted) return "keep";
  return isOwnerGoing ? "leave" : "release";
}

/** Whether an owner's `spec.selector` selects an object. */
export function selects(owner: ApiObject, object: ApiObject): boolean {
  const selector = memberAt(owner, "spec", "selector");
  return isJsonObject(selector) && matchesSelector(selector, object.metadata.labels ?? {});
}

/** Adopts and releases what has to be, and returns those candidates that are the owner's. */
export async function claimed(
  objects: ClusterObjects,
  owner: { readonly kind: ServedKind; readonly object: ApiObject },
  kind: ServedKind,
  candidates: readonly ApiObject[],
): Promise<readonly ApiObject[]> {
  const reference = controllerReference(owner.kind, owner.object);
  const results = await Promise.all(
    candidates.map(async (candidate) => {
      const claim = claimOf(candidate, owner.object);
      if (claim === "keep") return [candidate];
      if (claim === "leave") return [];
      const change = claim === "adopt" ? adopted(reference) : released(owner.object);
      const changed = await changedIfThere(objects, kind, candidate, change);
      return changed !== undefined && isControlledBy(changed, owner.object) ? [changed] : [];
    }),
  );
  return results.flat();
}

function adopted(reference: JsonObject): (object: ApiObject) => ApiObject {
  return (object) => {
    if (controllerOf(object) !== undefined || object.metadata.deletionTimestamp !== undefined) return object;
    return withMetadata(object, { ownerReferences: [...(object.metadata.ownerReferences ?? []), reference] });
  };
}

function released(owner: ApiObject): (object: ApiObject) => ApiObject {
  return (object) => {
    const others = (object.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== owner.metadata.uid);
    return withMetadata(object, { ownerReferences: others.length === 0 ? undefined : others });
  };
}

async function changedIfThere(
  objects: ClusterObjects,
  kind: ServedKind,
  { metadata }: ApiObject,
  change: (object: ApiObject) => ApiObject,
): Promise<ApiObject | undefined> {
  try {
    return await objects.change(kind, metadata, change);
  } catch (error) {
    if (error instanceof StatusError && error.code === 404) return undefined;
    throw error;
  }
}
