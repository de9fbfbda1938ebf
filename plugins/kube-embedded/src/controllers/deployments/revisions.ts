import { isJsonObject, type JsonObject } from "../../kinds.ts";
import { memberAt } from "../../printing/member-at.ts";
import { type ApiObject, withMetadata } from "../../registry/api-object.ts";
import { deploymentKind } from "../../registry/builtin/index.ts";
import { numberIn } from "../runtime/number-at.ts";
import { controllerReference } from "../runtime/owner-reference.ts";
import type { Rollout, Scaling } from "./rolling-update.ts";
import { hashLabel, sameTemplate, templateHash } from "./template-hash.ts";
import {
  byAge,
  type DeploymentView,
  desiredAnnotation,
  maxAnnotation,
  type ReplicaSetView,
  revisionAnnotation,
  viewReplicaSet,
} from "./views.ts";

const historyAnnotation = "deployment.kubernetes.io/revision-history";
/** Longest list of former revisions, in characters. */
const longestHistory = 2000;
/** Annotations of a Deployment that are not its ReplicaSets'. */
const ownAnnotations: ReadonlySet<string> = new Set([
  "kubectl.kubernetes.io/last-applied-configuration",
  "deprecated.deployment.rollback.to",
  revisionAnnotation,
  historyAnnotation,
  desiredAnnotation,
  maxAnnotation,
]);

/** Tells the ReplicaSet of the present template (the oldest, if there are several) from the others. */
export function rolloutOf(deployment: DeploymentView, replicaSets: readonly ApiObject[]): Rollout {
  const sets = replicaSets.map(viewReplicaSet).sort(byAge);
  const newest = sets.find(({ object }) => sameTemplate(memberAt(object, "spec", "template"), deployment.template));
  return { deployment, newest, old: sets.filter((set) => set !== newest) };
}

/** The number of the present template: one more than any other has. */
export function nextRevision({ old }: Rollout): number {
  return Math.max(0, ...old.map(({ revision }) => revision)) + 1;
}

/** The new ReplicaSet as it has to be now that its template is the Deployment's: revision, annotations, readiness. */
export function revised(replicaSet: ApiObject, deployment: DeploymentView, revision: number): ApiObject {
  const annotations = revisedAnnotations(replicaSet.metadata.annotations ?? {}, deployment, revision);
  const spec = isJsonObject(replicaSet["spec"]) ? replicaSet["spec"] : {};
  const { minReadySeconds: _, ...rest } = spec;
  return { ...withMetadata(replicaSet, { annotations }), spec: { ...rest, ...readinessOf(deployment) } };
}

/** A ReplicaSet for the present template. Its name tells the template, so that it is made only once. */
export function newReplicaSet(deployment: DeploymentView, revision: number, replicas: number, collisions: number) {
  const hash = templateHash(deployment.template, collisions);
  const { name, namespace } = deployment.object.metadata;
  const metadata = memberAt(deployment.template, "metadata");
  const labels = withHash(memberAt(deployment.template, "metadata", "labels"), hash);
  const selector = memberAt(deployment.object, "spec", "selector");
  return {
    metadata: {
      name: `${name}-${hash}`,
      ...(namespace === undefined ? {} : { namespace }),
      labels,
      annotations: sizeAnnotations(revisedAnnotations({}, deployment, revision), deployment),
      ownerReferences: [controllerReference(deploymentKind, deployment.object)],
    },
    spec: {
      replicas,
      ...readinessOf(deployment),
      selector: {
        ...(isJsonObject(selector) ? selector : {}),
        matchLabels: withHash(isJsonObject(selector) ? selector["matchLabels"] : {}, hash),
      },
      template: { ...deployment.template, metadata: { ...(isJsonObject(metadata) ? metadata : {}), labels } },
    },
  };
}

/** A ReplicaSet at its planned size, noting of which size its Deployment was. */
export function scaled(replicaSet: ApiObject, { replicas }: Scaling, deployment: DeploymentView): ApiObject {
  const spec = isJsonObject(replicaSet["spec"]) ? replicaSet["spec"] : {};
  const annotations = sizeAnnotations(replicaSet.metadata.annotations ?? {}, deployment);
  return { ...withMetadata(replicaSet, { annotations }), spec: { ...spec, replicas } };
}

/** Old ReplicaSets beyond the history that is kept, those of the lowest revisions first, if they have no Pods left. */
export function superfluous({ deployment, old }: Rollout): readonly ReplicaSetView[] {
  if (deployment.historyLimit === undefined) return [];
  const there = old.filter(({ object }) => object.metadata.deletionTimestamp === undefined);
  const surplus = Math.max(0, there.length - deployment.historyLimit);
  return there
    .sort((left, right) => left.revision - right.revision || byAge(left, right))
    .slice(0, surplus)
    .filter(({ replicas, actual, isObserved }) => replicas === 0 && actual === 0 && isObserved);
}

type Annotations = Readonly<Record<string, string>>;

function revisedAnnotations(present: Annotations, { object }: DeploymentView, revision: number): Annotations {
  const given = Object.entries(object.metadata.annotations ?? {}).filter(([key]) => !ownAnnotations.has(key));
  const annotations = { ...present, ...Object.fromEntries(given) };
  const before = present[revisionAnnotation];
  if (Number(before ?? 0) >= revision) return annotations;
  const numbered = { ...annotations, [revisionAnnotation]: String(revision) };
  return before === undefined ? numbered : { ...numbered, [historyAnnotation]: historyWith(present, before) };
}

function historyWith(present: Annotations, revision: string): string {
  const history = [...(present[historyAnnotation] ?? "").split(",").filter((it) => it !== ""), revision];
  while (history.length > 1 && history.join(",").length > longestHistory) history.shift();
  return history.join(",");
}

function sizeAnnotations(annotations: Annotations, { replicas, maxSurge }: DeploymentView): Annotations {
  return { ...annotations, [desiredAnnotation]: String(replicas), [maxAnnotation]: String(replicas + maxSurge) };
}

function readinessOf({ object }: DeploymentView): JsonObject {
  const seconds = numberIn(object, "spec", "minReadySeconds");
  return seconds === undefined ? {} : { minReadySeconds: seconds };
}

function withHash(labels: unknown, hash: string): JsonObject {
  return { ...(labels as JsonObject | undefined), [hashLabel]: hash };
}
