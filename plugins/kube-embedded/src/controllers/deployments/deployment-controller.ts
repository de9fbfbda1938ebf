import { type ApiObject, keyOf } from "../../registry/api-object.ts";
import { deploymentKind, podKind, replicaSetKind } from "../../registry/builtin/index.ts";
import { hasEnded } from "../replica-sets/pod-state.ts";
import { claimed, selects } from "../runtime/claim.ts";
import type { ObjectChange } from "../runtime/cluster-objects.ts";
import type { Controller, ControllerParts } from "../runtime/controller.ts";
import { controllerOf, isControlledBy, refersTo } from "../runtime/owner-reference.ts";
import { ReconcileLoop } from "../runtime/reconcile-loop.ts";
import { isScaled, planScaling } from "./proportional-scaling.ts";
import { rolloutOf } from "./revisions.ts";
import { planRollingUpdate } from "./rolling-update.ts";
import { RolloutRound } from "./rollout-round.ts";
import { viewDeployment } from "./views.ts";

/** Looks at an update this long after its deadline, in milliseconds. */
const pastDeadlineMs = 1000;

/** Gives each Deployment a ReplicaSet of its present template and moves its Pods there, step by step. */
export class DeploymentController implements Controller {
  readonly #parts: ControllerParts;
  readonly #loop: ReconcileLoop;

  constructor(parts: ControllerParts) {
    this.#parts = parts;
    this.#loop = new ReconcileLoop("deployment-controller", parts, (key) => this.#reconcile(key));
  }

  start(): void {
    const { objects } = this.#parts;
    objects.watch(deploymentKind, ({ after }) => {
      if (after !== undefined) this.#loop.touch(keyOf(after));
    });
    objects.watch(replicaSetKind, (change) => this.#replicaSetChanged(change));
    objects.watch(podKind, (change) => this.#podChanged(change));
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  #replicaSetChanged({ before, after }: ObjectChange): void {
    for (const replicaSet of [before, after]) if (replicaSet !== undefined) this.#touchOwner(replicaSet);
    if (after === undefined || controllerOf(after) !== undefined) return;
    for (const deployment of this.#parts.objects.list(deploymentKind, after.metadata.namespace)) {
      if (selects(deployment, after)) this.#loop.touch(keyOf(deployment));
    }
  }

  /** Recreation waits until the last old Pod has ended, which no ReplicaSet counts any more. */
  #podChanged({ before, after }: ObjectChange): void {
    if (before === undefined || (after !== undefined && !hasEnded(after))) return;
    const owner = controllerOf(before);
    if (owner === undefined || !refersTo(owner, replicaSetKind)) return;
    const { namespace } = before.metadata;
    const replicaSet = this.#parts.objects.get(replicaSetKind, { namespace, name: owner.name, uid: owner.uid });
    if (replicaSet !== undefined) this.#touchOwner(replicaSet);
  }

  #touchOwner(replicaSet: ApiObject): void {
    const owner = controllerOf(replicaSet);
    if (owner === undefined || !refersTo(owner, deploymentKind)) return;
    this.#loop.touch(`${replicaSet.metadata.namespace}/${owner.name}`);
  }

  async #reconcile(key: string): Promise<void> {
    const { objects, clock } = this.#parts;
    const [namespace, name = ""] = key.split("/");
    const object = objects.get(deploymentKind, { namespace, name });
    if (object === undefined) return;
    const owner = { kind: deploymentKind, object };
    const sets = await claimed(objects, owner, replicaSetKind, objects.list(replicaSetKind, namespace));
    const round = new RolloutRound(this.#parts, rolloutOf(viewDeployment(object), sets));
    if (object.metadata.deletionTimestamp !== undefined) return round.report();
    await round.reviseNewest();
    const { deployment } = round.rollout;
    const scalings = deployment.isPaused || isScaled(round.rollout) ? planScaling(round.rollout) : [];
    if (deployment.isPaused || scalings.length > 0) {
      await round.scale(scalings);
      if (deployment.isPaused) await round.cleanUp();
      return round.report();
    }
    await (deployment.isRolling ? this.#roll(round) : this.#recreate(round));
    await round.reportProgress();
    if (round.deadline === undefined) return;
    this.#loop.touchAfter(key, Math.max(0, round.deadline - clock.now()) + pastDeadlineMs);
  }

  async #roll(round: RolloutRound): Promise<void> {
    if (round.rollout.newest === undefined) await round.createNewest();
    const { newest } = round.rollout;
    if (newest === undefined) return;
    const scalings = planRollingUpdate({ ...round.rollout, newest });
    if (scalings.length > 0) await round.scale(scalings);
    else if (round.isComplete) await round.cleanUp();
  }

  /** First all old Pods go, then the new ones come. */
  async #recreate(round: RolloutRound): Promise<void> {
    const { deployment, newest, old } = round.rollout;
    const active = old.filter(({ replicas }) => replicas > 0);
    if (active.length > 0) return round.scale(active.map((replicaSet) => ({ replicaSet, replicas: 0 })));
    if (old.some(({ actual, object }) => actual > 0 || this.#hasPods(object))) return;
    if (newest === undefined) return round.createNewest();
    const { replicas } = deployment;
    if (newest.replicas !== replicas) return round.scale([{ replicaSet: newest, replicas }]);
    if (round.isComplete) await round.cleanUp();
  }

  #hasPods(replicaSet: ApiObject): boolean {
    const pods = this.#parts.objects.list(podKind, replicaSet.metadata.namespace);
    return pods.some((pod) => isControlledBy(pod, replicaSet) && !hasEnded(pod));
  }
}
