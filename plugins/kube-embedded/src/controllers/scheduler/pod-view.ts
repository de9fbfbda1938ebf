import type { JsonObject } from "../../kinds.ts";
import { memberAt, objectsAt, textAt } from "../../printing/member-at.ts";
import type { ApiObject } from "../../registry/api-object.ts";
import type { Labels } from "../../selectors/label-selector.ts";
import type { Amounts } from "./amounts.ts";
import { type HostPort, hostPortsOf } from "./host-port.ts";
import { type NodeDemand, nodeDemandOf } from "./node-selector.ts";
import { assumedRequestsOf, requestsOf } from "./pod-requests.ts";
import { type PodTerm, preferredTermsOf, requiredTermsOf, type WeightedTerm } from "./pod-term.ts";
import { type SpreadConstraint, spreadConstraintsOf } from "./spread-constraint.ts";
import { type Toleration, tolerationsOf } from "./toleration.ts";

/** What the scheduler reads of a Pod. */
export interface PodView {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly isEnding: boolean;
  /** The node it is on or asks for by name; empty when there is none. */
  readonly nodeName: string;
  readonly priority: number;
  readonly createdAt: string;
  /** uid of the controller that made it. */
  readonly owner?: string;
  readonly requests: Amounts;
  /** What it counts as where nodes are compared. */
  readonly assumed: Amounts;
  readonly tolerations: readonly Toleration[];
  readonly ports: readonly HostPort[];
  readonly demand: NodeDemand;
  readonly preferredNodes: readonly { readonly weight: number; readonly term: JsonObject }[];
  readonly near: readonly PodTerm[];
  readonly awayFrom: readonly PodTerm[];
  readonly preferredPods: readonly WeightedTerm[];
  readonly spread: readonly SpreadConstraint[];
  /** The claims its volumes stand for. */
  readonly claims: readonly VolumeClaim[];
}

/** A PersistentVolumeClaim that a volume needs. */
export interface VolumeClaim {
  readonly name: string;
  /** To be made from the Pod's own template. */
  readonly isEphemeral: boolean;
}

const views = new WeakMap<ApiObject, PodView>();

/** The view of a Pod; made once for each version of it. */
export function podView(pod: ApiObject): PodView {
  let view = views.get(pod);
  if (view === undefined) {
    view = read(pod);
    views.set(pod, view);
  }
  return view;
}

function read(pod: ApiObject): PodView {
  const {
    namespace = "",
    name,
    labels = {},
    creationTimestamp = "",
    deletionTimestamp,
    ownerReferences,
  } = pod.metadata;
  const priority = memberAt(pod, "spec", "priority");
  const owner = ownerReferences?.find((it) => it["controller"] === true)?.["uid"];
  return {
    namespace,
    name,
    labels,
    isEnding: deletionTimestamp !== undefined,
    nodeName: textAt(pod, "spec", "nodeName"),
    priority: typeof priority === "number" ? priority : 0,
    createdAt: creationTimestamp,
    ...(typeof owner === "string" ? { owner } : {}),
    requests: requestsOf(pod),
    assumed: assumedRequestsOf(pod),
    tolerations: tolerationsOf(pod),
    ports: hostPortsOf(pod),
    demand: nodeDemandOf(pod),
    preferredNodes: preferredNodesOf(pod),
    near: requiredTermsOf(pod, "podAffinity"),
    awayFrom: requiredTermsOf(pod, "podAntiAffinity"),
    preferredPods: preferredTermsOf(pod),
    spread: spreadConstraintsOf(pod),
    claims: claimsOf(pod),
  };
}

function preferredNodesOf(pod: JsonObject): PodView["preferredNodes"] {
  const path = ["affinity", "nodeAffinity", "preferredDuringSchedulingIgnoredDuringExecution"];
  return objectsAt(pod, "spec", ...path).map(({ weight, preference }) => ({
    weight: typeof weight === "number" ? weight : 0,
    term: (preference ?? {}) as JsonObject,
  }));
}

function claimsOf(pod: ApiObject): readonly VolumeClaim[] {
  return objectsAt(pod, "spec", "volumes").flatMap((volume): readonly VolumeClaim[] => {
    const name = textAt(volume, "persistentVolumeClaim", "claimName");
    if (name !== "") return [{ name, isEphemeral: false }];
    if (memberAt(volume, "ephemeral") === undefined) return [];
    return [{ name: `${pod.metadata.name}-${textAt(volume, "name")}`, isEphemeral: true }];
  });
}
