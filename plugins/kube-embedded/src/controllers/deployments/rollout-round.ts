import { errorMessage } from "@skerry/plugin";
import { StatusError } from "../../api/status-error.ts";
import { memberAt, objectsAt } from "../../printing/member-at.ts";
import { type ApiObject, withMetadata } from "../../registry/api-object.ts";
import { deploymentKind, replicaSetKind } from "../../registry/builtin/index.ts";
import { deepEqual } from "../../registry/deep-equal.ts";
import type { ControllerParts } from "../runtime/controller.ts";
import { isNamespaceTerminating } from "../runtime/namespace-terminating.ts";
import { isControlledBy } from "../runtime/owner-reference.ts";
import { type Condition, type Conditions, conditionOf, withCondition } from "./conditions.ts";
import { collisionsOf, countsOf, judgeAvailability, judgeFailures, judgePause, statusOf } from "./deployment-status.ts";
import { deadlineOf, isComplete, judgeProgress } from "./progress.ts";
import { newReplicaSet, nextRevision, revised, scaled, superfluous } from "./revisions.ts";
import { newReplicas, type Rollout, type Scaling } from "./rolling-update.ts";
import { sameTemplate } from "./template-hash.ts";
import { revisionAnnotation, viewReplicaSet } from "./views.ts";

const component = "deployment-controller";

/** One look at one Deployment: what is done to its ReplicaSets, and what its status then says. */
export class RolloutRound {
  readonly #parts: ControllerParts;
  readonly #time: string;
  #rollout: Rollout;
  #conditions: Conditions;
  #collisions: number | undefined;

  constructor(parts: ControllerParts, rollout: Rollout) {
    const { deployment } = rollout;
    this.#parts = parts;
    this.#time = parts.objects.now();
    this.#rollout = rollout;
    this.#collisions = collisionsOf(deployment);
    this.#conditions = judgePause(deployment, objectsAt(statusOf(deployment), "conditions"), this.#time);
  }

  get rollout(): Rollout {
    return this.#rollout;
  }

  /** Whether the status, as it was written last, says that the update is over. */
  get isComplete(): boolean {
    return isComplete(this.#rollout.deployment, statusOf(this.#rollout.deployment));
  }

  /** When the update counts as stuck, in milliseconds since the Unix epoch; `undefined` when nothing is awaited. */
  get deadline(): number | undefined {
    const { deployment } = this.#rollout;
    const isDone = isComplete(deployment, countsOf(this.#rollout, this.#collisions));
    return isDone || deployment.isPaused ? undefined : deadlineOf(deployment, this.#conditions);
  }

  /** Gives the ReplicaSet of the present template, if there is one, the newest revision and the annotations. */
  async reviseNewest(): Promise<void> {
    const { deployment, newest } = this.#rollout;
    if (newest === undefined) return;
    const revision = nextRevision(this.#rollout);
    if (!deepEqual(revised(newest.object, deployment, revision), newest.object)) {
      const change = (object: ApiObject) => revised(object, deployment, revision);
      const object = await this.#parts.objects.change(replicaSetKind, newest.object.metadata, change);
      this.#rollout = { ...this.#rollout, newest: viewReplicaSet(object) };
    }
    if (conditionOf(this.#conditions, "Progressing") !== undefined) return;
    this.#progressing("True", "FoundNewReplicaSet", `Found new replica set "${newest.name}"`);
  }

  /** Makes the ReplicaSet of the present template; without it the rollout cannot go on in this round. */
  async createNewest(): Promise<void> {
    const { deployment, old } = this.#rollout;
    const replicas = newReplicas(deployment, old, 0);
    const wanted = newReplicaSet(deployment, nextRevision(this.#rollout), replicas, this.#collisions ?? 0);
    const { name } = wanted.metadata;
    try {
      const object = await this.#parts.objects.create(replicaSetKind, wanted);
      this.#rollout = { ...this.#rollout, newest: viewReplicaSet(object) };
      if (replicas > 0)
        this.#tell("Normal", "ScalingReplicaSet", `Scaled up replica set ${name} from 0 to ${replicas}`);
      this.#progressing("True", "NewReplicaSetCreated", `Created new replica set "${name}"`);
    } catch (error) {
      if (isNamespaceTerminating(error)) return;
      if (error instanceof StatusError && error.reason === "AlreadyExists") return this.#collide(name);
      const message = `Failed to create new replica set "${name}": ${errorMessage(error)}`;
      this.#progressing("False", "ReplicaSetCreateError", message);
      this.#tell("Warning", "ReplicaSetCreateError", message);
      await this.#write();
      throw error;
    }
  }

  async scale(scalings: readonly Scaling[]): Promise<void> {
    const { deployment } = this.#rollout;
    await Promise.all(
      scalings.map(async (scaling) => {
        const { object, name, replicas: before } = scaling.replicaSet;
        const change = (newest: ApiObject) => scaled(newest, scaling, deployment);
        await this.#parts.objects.change(replicaSetKind, object.metadata, change);
        if (scaling.replicas === before) return;
        const way = scaling.replicas > before ? "up" : "down";
        const message = `Scaled ${way} replica set ${name} from ${before} to ${scaling.replicas}`;
        this.#tell("Normal", "ScalingReplicaSet", message);
      }),
    );
  }

  /** Deletes old ReplicaSets beyond the history that is kept. */
  async cleanUp(): Promise<void> {
    const { objects } = this.#parts;
    await Promise.all(superfluous(this.#rollout).map(({ object }) => objects.delete(replicaSetKind, object.metadata)));
  }

  /** Writes the counts, and whether enough Pods are available. */
  async report(): Promise<void> {
    const { deployment } = this.#rollout;
    const counts = countsOf(this.#rollout, this.#collisions);
    this.#conditions = judgeAvailability(deployment, counts, this.#conditions, this.#time);
    await this.#write();
  }

  /** The same, and how the update gets on. */
  async reportProgress(): Promise<void> {
    const { deployment } = this.#rollout;
    const moment = { now: this.#parts.clock.now(), time: this.#time };
    const counts = countsOf(this.#rollout, this.#collisions);
    const available = judgeAvailability(deployment, counts, this.#conditions, this.#time);
    const progressed = judgeProgress(this.#rollout, statusOf(deployment), counts, available, moment);
    this.#conditions = judgeFailures(this.#rollout, progressed, this.#time);
    await this.#write();
  }

  /** Another template has the name: the next round tries another. */
  #collide(name: string): void {
    const { object, template } = this.#rollout.deployment;
    const found = this.#parts.objects.get(replicaSetKind, { namespace: object.metadata.namespace, name });
    const isOurs = found !== undefined && isControlledBy(found, object);
    if (isOurs && sameTemplate(memberAt(found, "spec", "template"), template)) {
      this.#rollout = { ...this.#rollout, newest: viewReplicaSet(found) };
    } else this.#collisions = (this.#collisions ?? 0) + 1;
  }

  #progressing(status: Condition["status"], reason: string, message: string): void {
    if (this.#rollout.deployment.deadlineSeconds === undefined) return;
    const condition = { type: "Progressing", status, reason, message } as const;
    this.#conditions = withCondition(this.#conditions, condition, this.#time);
  }

  #tell(type: "Normal" | "Warning", reason: string, message: string): void {
    this.#parts.events.record(this.#rollout.deployment.object, { type, reason, message, component });
  }

  async #write(): Promise<void> {
    const { deployment, newest } = this.#rollout;
    const { metadata } = deployment.object;
    const conditions = this.#conditions.length === 0 ? {} : { conditions: this.#conditions };
    const status = { ...countsOf(this.#rollout, this.#collisions), ...conditions };
    const revision = newest === undefined ? {} : { [revisionAnnotation]: String(newest.revision) };
    const said = (object: ApiObject) => {
      const annotations = { ...object.metadata.annotations, ...revision };
      return { ...withMetadata(object, Object.keys(annotations).length === 0 ? {} : { annotations }), status };
    };
    if (deepEqual(said(deployment.object), deployment.object)) return;
    await this.#parts.objects.change(deploymentKind, metadata, said, "status");
  }
}
