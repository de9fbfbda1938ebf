import { StatusError } from "../../api/status-error.ts";
import type { ApiObject } from "../../registry/api-object.ts";
import { bound, namespaceKind, nodeKind, podKind } from "../../registry/builtin/index.ts";
import type { ObjectChange } from "../runtime/cluster-objects.ts";
import type { Controller, ControllerParts } from "../runtime/controller.ts";
import { ReconcileLoop } from "../runtime/reconcile-loop.ts";
import { ClusterView } from "./cluster-view.ts";
import { nodeView } from "./node-view.ts";
import { type Decision, planScheduling } from "./plan.ts";
import { asksAnew, changesRoom, isPlaced, isWaiting, movesOthers, schedulerName } from "./pod-place.ts";
import { podView } from "./pod-view.ts";
import { asUnschedulable } from "./unschedulable-condition.ts";
import { WaitingPods } from "./waiting-pods.ts";

type Parts = Pick<ControllerParts, "objects" | "events" | "clock" | "logger">;

/** There is one thing to do: to look at the Pods that are due. */
const everything = "pods";
/** Between two looks at Pods for which there was no node. */
const pauseMs = 1_000;
/** Pods that wait are looked at, and told of, at least this often. */
const rescanMs = 5 * 60_000;
/** So that other work gets its turn. */
const podsPerRound = 100;

/**
 * Gives Pods to nodes: it filters and compares nodes as kube-scheduler does, without preemption. A Pod for which there
 * is no node says why, and is looked at again when Pods or nodes have changed.
 */
export class Scheduler implements Controller {
  readonly #parts: Parts;
  readonly #loop: ReconcileLoop;
  readonly #waiting = new WaitingPods();
  #isStale = false;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#loop = new ReconcileLoop(schedulerName, parts, () => this.#schedule());
  }

  start(): void {
    const { objects } = this.#parts;
    objects.watch(podKind, (change) => this.#podChanged(change));
    objects.watch(nodeKind, (change) => {
      if (changesRoom(change)) this.#clusterChanged();
    });
    objects.watch(namespaceKind, () => this.#clusterChanged());
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  #podChanged(change: ObjectChange): void {
    const { before, after } = change;
    if (movesOthers(change)) this.#clusterChanged();
    if (after === undefined || !isWaiting(after)) {
      const gone = after ?? before;
      if (gone !== undefined) this.#waiting.remove(gone);
      return;
    }
    this.#waiting.put(after);
    if (!asksAnew(change)) return;
    this.#waiting.makeDue(after);
    this.#loop.touch(everything);
  }

  #clusterChanged(): void {
    if (this.#waiting.size === 0) return;
    this.#isStale = true;
    this.#lookLater();
  }

  /** Looks at all Pods that wait, at once or after the pause that they need. */
  #lookLater(): void {
    const pause = this.#lookedAt + pauseMs - this.#parts.clock.monotonic();
    if (this.#waiting.hasDue || pause <= 0) this.#loop.touch(everything);
    else this.#loop.touchAfter(everything, pause);
  }

  async #schedule(): Promise<void> {
    const now = this.#parts.clock.monotonic();
    const isRescan = now - this.#lookedAt >= rescanMs;
    if ((this.#isStale && now - this.#lookedAt >= pauseMs) || isRescan) {
      this.#waiting.makeAllDue();
      this.#isStale = false;
      this.#lookedAt = now;
    }
    const pods = this.#waiting.take(podsPerRound);
    const outcomes = await Promise.allSettled(this.#plan(pods).map(([pod, decision]) => this.#apply(pod, decision)));
    const failures = outcomes.filter((outcome) => outcome.status === "rejected");
    const [failure] = failures;
    // The loop tries again, with growing pauses: what fails each time must not keep it busy, nor hold up the others.
    if (failure !== undefined && failures.length === outcomes.length) throw failure.reason;
    if (this.#isStale || this.#waiting.hasDue) this.#lookLater();
    else if (this.#waiting.size > 0) this.#loop.touchAfter(everything, rescanMs);
  }

  #plan(pods: readonly ApiObject[]): readonly (readonly [ApiObject, Decision])[] {
    if (pods.length === 0) return [];
    const { objects } = this.#parts;
    const nodes = objects.list(nodeKind).map(nodeView);
    const placed = objects.list(podKind).filter(isPlaced).map(podView);
    const labelsOf = (name: string) => objects.get(namespaceKind, { name })?.metadata.labels ?? {};
    return [...planScheduling(pods, podView, new ClusterView(nodes, placed, labelsOf))];
  }

  async #apply(pod: ApiObject, decision: Decision): Promise<void> {
    try {
      await (decision.nodeName === undefined ? this.#tell(pod, decision.message) : this.#bind(pod, decision.nodeName));
    } catch (error) {
      // It is gone, going, or somebody else gave it a node.
      if (error instanceof StatusError && (error.code === 404 || error.code === 409)) return;
      this.#waiting.makeDue(pod);
      throw error;
    }
  }

  async #bind(pod: ApiObject, nodeName: string): Promise<void> {
    const { objects, events } = this.#parts;
    await objects.change(podKind, pod.metadata, (newest) => bound(newest, nodeName, objects.now()), "binding");
    const { namespace, name } = pod.metadata;
    const message = `Successfully assigned ${namespace}/${name} to ${nodeName}`;
    events.record(pod, { type: "Normal", reason: "Scheduled", message, component: schedulerName });
  }

  async #tell(pod: ApiObject, message: string): Promise<void> {
    const { objects, events, clock } = this.#parts;
    const told = (newest: ApiObject) => (isWaiting(newest) ? asUnschedulable(newest, message, objects.now()) : newest);
    if (told(pod) !== pod) await objects.change(podKind, pod.metadata, told, "status");
    if (!this.#waiting.isNews(pod, message, clock.monotonic(), rescanMs)) return;
    events.record(pod, { type: "Warning", reason: "FailedScheduling", message, component: schedulerName });
  }
}
