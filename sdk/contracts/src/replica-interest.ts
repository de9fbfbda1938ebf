import { defineExtensionPoint } from "@skerry/plugin";
import type { KubeObject, ObjectRef, Resource } from "./kube-object.ts";
import { storageLimits } from "./storage.ts";
import { maximumFrameBytes } from "./transport.ts";

/**
 * Says which objects concern which nodes. Contributed by the plugin that knows the kinds; the engine
 * that follows references, compares and replicates is the kernel's.
 */
export interface ReplicaInterest {
  /** The kinds this contribution answers for. Each kind has one contribution. */
  readonly resources: readonly Resource[];
  /** Pure and synchronous. An object that concerns nobody gives empty lists. */
  route(object: KubeObject): Route;
  /**
   * What the edge gets of an object. Must be pure: the same object gives the same bytes.
   * Default: the object without `metadata.managedFields`.
   */
  project?(object: KubeObject): KubeObject;
}

export interface Route {
  /** Names of the nodes that hold this object because of itself. */
  readonly nodes: readonly string[];
  /** Objects that every node holding this one holds as well. They may not exist yet. */
  readonly references: readonly ObjectRef[];
}

export const replicaInterestPoint = defineExtensionPoint<ReplicaInterest>("replica.interest/1");

/** The largest object that a node can hold: projected, as JSON. Larger ones are held by no node. */
export const maximumObjectBytes = maximumFrameBytes - 6 * storageLimits.keyBytes - 16;
