import { byAge, type DeploymentView, type ReplicaSetView, sum } from "./views.ts";

/** The ReplicaSets of a Deployment: the one of its template, and those of templates it had. */
export interface Rollout {
  readonly deployment: DeploymentView;
  readonly newest: ReplicaSetView | undefined;
  readonly old: readonly ReplicaSetView[];
}

/** A ReplicaSet is to have another size. */
export interface Scaling {
  readonly replicaSet: ReplicaSetView;
  readonly replicas: number;
}

/** The next step of a rolling update: first more new Pods as far as the surge allows, then fewer old ones. */
export function planRollingUpdate({
  deployment,
  newest,
  old,
}: Rollout & { newest: ReplicaSetView }): readonly Scaling[] {
  const wanted = newReplicas(deployment, old, newest.replicas);
  if (wanted !== newest.replicas) return [{ replicaSet: newest, replicas: wanted }];
  return planOld(deployment, newest, old);
}

/**
 * The size of the new ReplicaSet, given what it has. An old one that was scaled down counts until its Pods are gone,
 * so that there are never more Pods than size and surge together.
 */
export function newReplicas(deployment: DeploymentView, old: readonly ReplicaSetView[], present: number): number {
  if (!deployment.isRolling || present >= deployment.replicas) return deployment.replicas;
  if (old.some(({ isObserved }) => !isObserved)) return present;
  const pods = present + sum(old, ({ replicas, actual }) => Math.max(replicas, actual));
  const room = deployment.replicas + deployment.maxSurge - pods;
  return room <= 0 ? present : present + Math.min(room, deployment.replicas - present);
}

function planOld(
  deployment: DeploymentView,
  newest: ReplicaSetView,
  old: readonly ReplicaSetView[],
): readonly Scaling[] {
  const wantedAvailable = deployment.replicas - deployment.maxUnavailable;
  const newUnavailable = newest.replicas - availableOf(newest);
  let spare = sum([newest, ...old], ({ replicas }) => replicas) - wantedAvailable - newUnavailable;
  if (spare <= 0) return [];
  let surplus = sum([newest, ...old], availableOf) - wantedAvailable;
  const scalings = [...old].sort(byAge).map((replicaSet) => ({ replicaSet, replicas: replicaSet.replicas }));
  // Pods that serve nobody go first, whichever ReplicaSet has them.
  for (const scaling of scalings) {
    const unavailable = Math.min(spare, scaling.replicas - availableOf(scaling.replicaSet));
    scaling.replicas -= Math.max(0, unavailable);
    spare -= Math.max(0, unavailable);
  }
  for (const scaling of scalings) {
    const fewer = Math.max(0, Math.min(scaling.replicas, surplus));
    scaling.replicas -= fewer;
    surplus -= fewer;
  }
  return scalings.filter(({ replicaSet, replicas }) => replicas !== replicaSet.replicas);
}

/** Pods beyond the size are about to go, and no longer count. */
function availableOf({ replicas, available }: ReplicaSetView): number {
  return Math.min(replicas, available);
}
