import { groupVersionOf } from "../../kinds.ts";
import type { ApiObject } from "../../registry/api-object.ts";
import type { KindRegistry } from "../../registry/kind-registry.ts";
import type { ServedKind } from "../../registry/served-kind.ts";
import { foregroundFinalizer } from "../../registry/termination.ts";
import type { ClusterObjects } from "../runtime/cluster-objects.ts";
import type { OwnerReference } from "../runtime/owner-reference.ts";
import type { OwnerState } from "./verdict.ts";

/** Uids of removed objects that are remembered, for owners of kinds that have gone with them. */
const remembered = 10_000;

export interface FoundOwner {
  readonly state: OwnerState;
  readonly kind?: ServedKind;
  readonly object?: ApiObject;
}

/** Finds the owners that references name. An owner that was never there counts as gone. */
export class Owners {
  readonly #objects: ClusterObjects;
  readonly #kinds: KindRegistry;
  /** Oldest first. */
  readonly #removed = new Set<string>();

  constructor(objects: ClusterObjects, kinds: KindRegistry) {
    this.#objects = objects;
    this.#kinds = kinds;
  }

  remember({ metadata }: ApiObject): void {
    this.#removed.add(metadata.uid ?? "");
    for (const oldest of this.#removed) {
      if (this.#removed.size <= remembered) break;
      this.#removed.delete(oldest);
    }
  }

  /** @param namespace of the object that has the reference; `undefined` for one of the whole cluster */
  find({ apiVersion, kind: name, name: called, uid }: OwnerReference, namespace: string | undefined): FoundOwner {
    if (this.#removed.has(uid)) return { state: "gone" };
    const kind = this.#kinds.all().find(({ info }) => info.kind === name && groupVersionOf(info) === apiVersion);
    if (kind === undefined) return { state: "unknown" };
    if (kind.info.namespaced && namespace === undefined) return { state: "unknown" };
    const place = kind.info.namespaced ? { namespace } : {};
    const object = this.#objects.get(kind, { ...place, name: called, uid });
    if (object === undefined) return { state: "gone" };
    return { state: isGoingAfterDependents(object) ? "waiting" : "there", kind, object };
  }
}

export function isGoingAfterDependents({ metadata }: ApiObject): boolean {
  return metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).includes(foregroundFinalizer);
}
