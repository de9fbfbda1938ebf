import { defineToken } from "@skerry/plugin";
import type { KubeObject, ObjectRef } from "./kube-object.ts";

/**
 * The edge's durable copy of the Kubernetes objects that concern its node. It is loaded from disk
 * before any plugin that requires it starts, and is complete and usable without the cloud.
 */
export interface Replica {
  get(ref: ObjectRef): KubeObject | undefined;
  list(kind: ReplicaKind): readonly KubeObject[];
  /**
   * Calls `changed` for every object there is (before returning), then for every object that was put or
   * removed, after that is on disk. It gets only the reference: the listener looks at the state.
   */
  watch(kinds: readonly ReplicaKind[], changed: (ref: ObjectRef) => void): Disposable;
}

export interface ReplicaKind {
  readonly group: string;
  readonly kind: string;
}

export const Replica = defineToken<Replica>("autonomy.replica/1");
