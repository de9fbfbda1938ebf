import { errorMessage } from "@skerry/plugin";
import { type ApiObject, keyOf, withMember } from "../../registry/api-object.ts";
import { podKind, replicaSetKind } from "../../registry/builtin/index.ts";
import { deepEqual } from "../../registry/deep-equal.ts";
import { claimed, selects } from "../runtime/claim.ts";
import type { ObjectChange } from "../runtime/cluster-objects.ts";
import type { Controller, ControllerParts } from "../runtime/controller.ts";
import { isNamespaceTerminating } from "../runtime/namespace-terminating.ts";
import { numberAt, numberIn } from "../runtime/number-at.ts";
import { controllerOf, isControlledBy, refersTo } from "../runtime/owner-reference.ts";
import { ReconcileLoop } from "../runtime/reconcile-loop.ts";
import { podFromTemplate } from "./pod-from-template.ts";
import { availableIn, isActive } from "./pod-state.ts";
import { planReplicas } from "./replica-plan.ts";
import { type ReplicaFailure, replicaSetStatus } from "./replica-set-status.ts";
import { slowStart } from "./slow-start.ts";

const component = "replicaset-controller";

/** Keeps as many Pods of each ReplicaSet as it asks for, and counts them in its status. */
export class ReplicaSetController implements Controller {
  readonly #parts: ControllerParts;
  readonly #loop: ReconcileLoop;

  constructor(parts: ControllerParts) {
    this.#parts = parts;
    this.#loop = new ReconcileLoop(component, parts, (key) => this.#reconcile(key));
  }

  start(): void {
    const { objects } = this.#parts;
    objects.watch(replicaSetKind, ({ after }) => {
      if (after !== undefined) this.#loop.touch(keyOf(after));
    });
    objects.watch(podKind, (change) => this.#podChanged(change));
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  #podChanged({ before, after }: ObjectChange): void {
    for (const pod of [before, after]) {
      const owner = pod === undefined ? undefined : controllerOf(pod);
      if (owner === undefined || !refersTo(owner, replicaSetKind)) continue;
      this.#loop.touch(`${pod?.metadata.namespace}/${owner.name}`);
    }
    if (after === undefined || controllerOf(after) !== undefined) return;
    for (const replicaSet of this.#parts.objects.list(replicaSetKind, after.metadata.namespace)) {
      if (selects(replicaSet, after)) this.#loop.touch(keyOf(replicaSet));
    }
  }

  async #reconcile(key: string): Promise<void> {
    const { objects, clock } = this.#parts;
    const [namespace, name = ""] = key.split("/");
    const replicaSet = objects.get(replicaSetKind, { namespace, name });
    if (replicaSet === undefined) return;
    const owner = { kind: replicaSetKind, object: replicaSet };
    const pods = await claimed(objects, owner, podKind, objects.list(podKind, namespace).filter(isActive));
    const isGoing = replicaSet.metadata.deletionTimestamp !== undefined;
    const failure = isGoing ? undefined : await this.#manage(replicaSet, pods);
    await this.#writeStatus(replicaSet, pods, failure);
    if (failure !== undefined) throw failure.cause;
    const minReadySeconds = numberAt(replicaSet, "spec", "minReadySeconds");
    const waits = pods.flatMap((pod) => availableIn(pod, minReadySeconds, clock.now()) ?? []).filter((ms) => ms > 0);
    if (waits.length > 0) this.#loop.touchAfter(key, Math.min(...waits));
  }

  /** Creates or deletes Pods; returns what kept it from doing so. */
  async #manage(replicaSet: ApiObject, pods: readonly ApiObject[]): Promise<Failure | undefined> {
    const wanted = numberIn(replicaSet, "spec", "replicas") ?? 1;
    const related = this.#related(replicaSet);
    const { create, remove } = planReplicas({ wanted, pods, related, now: this.#parts.clock.now() });
    try {
      await slowStart(create, () => this.#create(replicaSet));
      const deleted = await Promise.allSettled(remove.map((pod) => this.#delete(replicaSet, pod)));
      const failed = deleted.find((result) => result.status === "rejected");
      if (failed !== undefined) throw failed.reason;
      return undefined;
    } catch (cause) {
      if (isNamespaceTerminating(cause)) return undefined;
      return { reason: create > 0 ? "FailedCreate" : "FailedDelete", message: errorMessage(cause), cause };
    }
  }

  async #create(replicaSet: ApiObject): Promise<void> {
    const { objects, events } = this.#parts;
    try {
      const pod = await objects.create(podKind, podFromTemplate(replicaSet));
      const message = `Created pod: ${pod.metadata.name}`;
      events.record(replicaSet, { type: "Normal", reason: "SuccessfulCreate", message, component });
    } catch (error) {
      if (!isNamespaceTerminating(error)) {
        const message = `Error creating: ${errorMessage(error)}`;
        events.record(replicaSet, { type: "Warning", reason: "FailedCreate", message, component });
      }
      throw error;
    }
  }

  async #delete(replicaSet: ApiObject, pod: ApiObject): Promise<void> {
    const { objects, events } = this.#parts;
    try {
      await objects.delete(podKind, pod.metadata);
      const message = `Deleted pod: ${pod.metadata.name}`;
      events.record(replicaSet, { type: "Normal", reason: "SuccessfulDelete", message, component });
    } catch (error) {
      const message = `Error deleting: ${errorMessage(error)}`;
      events.record(replicaSet, { type: "Warning", reason: "FailedDelete", message, component });
      throw error;
    }
  }

  async #writeStatus(replicaSet: ApiObject, pods: readonly ApiObject[], failure: Failure | undefined): Promise<void> {
    const { objects, clock } = this.#parts;
    const status = replicaSetStatus({ replicaSet, pods, failure, now: clock.now(), time: objects.now() });
    if (deepEqual(status, replicaSet["status"])) return;
    const put = (newest: ApiObject) => withMember(newest, "status", status);
    await objects.change(replicaSetKind, replicaSet.metadata, put, "status");
  }

  /** Pods of all ReplicaSets that have the same owner. */
  #related(replicaSet: ApiObject): readonly ApiObject[] {
    const { objects } = this.#parts;
    const { namespace } = replicaSet.metadata;
    const uid = controllerOf(replicaSet)?.uid;
    const siblings =
      uid === undefined
        ? [replicaSet]
        : objects.list(replicaSetKind, namespace).filter((other) => controllerOf(other)?.uid === uid);
    return objects.list(podKind, namespace).filter((pod) => siblings.some((sibling) => isControlledBy(pod, sibling)));
  }
}

interface Failure extends ReplicaFailure {
  readonly cause: unknown;
}
