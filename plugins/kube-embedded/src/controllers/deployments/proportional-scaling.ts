import type { Rollout, Scaling } from "./rolling-update.ts";
import { byAge, type DeploymentView, type ReplicaSetView, sum } from "./views.ts";

/** Whether the Deployment has got another size since its ReplicaSets were last scaled. */
export function isScaled({ deployment, newest, old }: Rollout): boolean {
  const sets = newest === undefined ? old : [...old, newest];
  return sets.some(({ replicas, desired }) => replicas > 0 && desired !== undefined && desired !== deployment.replicas);
}

/**
 * How a Deployment that is paused, or got another size, is scaled without going on with its update: when several
 * ReplicaSets have Pods, each grows or shrinks by its share.
 */
export function planScaling(rollout: Rollout): readonly Scaling[] {
  const { deployment, newest, old } = rollout;
  const only = onlyOne(rollout);
  if (only !== undefined) return scalings([{ replicaSet: only, replicas: deployment.replicas }], deployment);
  if (newest !== undefined && isSaturated(deployment, newest)) {
    return old.filter(isActive).map((replicaSet) => ({ replicaSet, replicas: 0 }));
  }
  if (!deployment.isRolling) return [];
  const active = [...old, ...(newest === undefined ? [] : [newest])].filter(isActive);
  const allowed = deployment.replicas === 0 ? 0 : deployment.replicas + deployment.maxSurge;
  const toAdd = allowed - sum(active, ({ replicas }) => replicas);
  const bySize = active.sort(
    (left, right) => right.replicas - left.replicas || byAge(left, right) * (toAdd > 0 ? -1 : 1),
  );
  let added = 0;
  const planned = bySize.map((replicaSet) => {
    const share = shareOf(replicaSet, deployment, toAdd, added);
    added += share;
    return { replicaSet, replicas: replicaSet.replicas + share };
  });
  // What rounding has left goes to the largest.
  const leftover = toAdd - added;
  const complete = planned.map((it, i) => (i === 0 ? { ...it, replicas: Math.max(0, it.replicas + leftover) } : it));
  return scalings(complete, deployment);
}

/** The only ReplicaSet with Pods, or, without any, the latest. */
function onlyOne({ newest, old }: Rollout): ReplicaSetView | undefined {
  const active = [...old, ...(newest === undefined ? [] : [newest])].filter(isActive);
  if (active.length > 1) return undefined;
  return active[0] ?? newest ?? [...old].sort(byAge).at(-1);
}

/** Whether the update is over in all but the old Pods. */
function isSaturated({ replicas }: DeploymentView, newest: ReplicaSetView): boolean {
  return newest.replicas === replicas && newest.desired === replicas && newest.available === replicas;
}

function shareOf(replicaSet: ReplicaSetView, deployment: DeploymentView, toAdd: number, added: number): number {
  if (toAdd === 0 || toAdd === added) return 0;
  const fraction = fractionOf(replicaSet, deployment);
  return toAdd > 0 ? Math.min(fraction, toAdd - added) : Math.max(fraction, toAdd - added);
}

function fractionOf({ replicas, max }: ReplicaSetView, deployment: DeploymentView): number {
  if (deployment.replicas === 0) return -replicas;
  const before = max === undefined || max === 0 ? Number(statusReplicas(deployment)) : max;
  if (before === 0) return 0;
  return Math.round((replicas * (deployment.replicas + deployment.maxSurge)) / before) - replicas;
}

function statusReplicas({ object }: DeploymentView): number {
  const status = object["status"] as { readonly replicas?: number } | undefined;
  return status?.replicas ?? 0;
}

function isActive({ replicas }: ReplicaSetView): boolean {
  return replicas > 0;
}

/** Leaves out those that already are what they should be, with what they say about the Deployment. */
function scalings(all: readonly Scaling[], { replicas, maxSurge }: DeploymentView): readonly Scaling[] {
  return all.filter((it) => {
    const { desired, max, replicas: present } = it.replicaSet;
    return it.replicas !== present || desired !== replicas || max !== replicas + maxSurge;
  });
}
