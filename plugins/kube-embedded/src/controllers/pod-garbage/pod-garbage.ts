import { StatusError } from "../../api/status-error.ts";
import type { ApiObject } from "../../registry/api-object.ts";
import { nodeKind, podKind } from "../../registry/builtin/index.ts";
import { nodeNameOf, PodsByNode } from "../nodes/pods-by-node.ts";
import type { ObjectChange } from "../runtime/cluster-objects.ts";
import type { Controller, ControllerParts } from "../runtime/controller.ts";
import { ReconcileLoop } from "../runtime/reconcile-loop.ts";
import { asOrphaned } from "./orphan.ts";

type Parts = Pick<ControllerParts, "objects" | "events" | "clock" | "logger">;

/** How long a Node may be missing before what is bound to it goes. */
export const quarantineMs = 40_000;
const component = "pod-garbage-collector";

/**
 * Removes Pods that nothing would ever end: those bound to a Node that has not existed for a while, and those that are
 * being deleted and never had one.
 */
export class PodGarbage implements Controller {
  readonly #parts: Parts;
  readonly #loop: ReconcileLoop;
  readonly #pods = new PodsByNode();
  /** Since when the Node of a Pod is missing, by uid of the Pod, in monotonic milliseconds. */
  readonly #missing = new Map<string, number>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#loop = new ReconcileLoop(component, parts, (node) => this.#reconcile(node));
  }

  start(): void {
    const { objects } = this.#parts;
    objects.watch(podKind, (change) => this.#podChanged(change));
    objects.watch(nodeKind, ({ before, after }) => {
      if (before === undefined || after === undefined) this.#loop.touch((before ?? after)?.metadata.name ?? "");
    });
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  #podChanged(change: ObjectChange): void {
    const { before, after } = change;
    this.#pods.put(change);
    if (before !== undefined && before.metadata.uid !== after?.metadata.uid) this.#missing.delete(uidOf(before));
    if (after === undefined) return;
    const node = nodeNameOf(after);
    if (node === "" ? isGoing(after) : this.#isMissing(node)) this.#loop.touch(node);
  }

  async #reconcile(node: string): Promise<void> {
    const pods = this.#pods.of(node);
    if (node === "") {
      await Promise.all(pods.filter(isGoing).map((pod) => this.#delete(pod)));
      return;
    }
    if (!this.#isMissing(node)) {
      for (const pod of pods) this.#missing.delete(uidOf(pod));
      return;
    }
    const now = this.#parts.clock.monotonic();
    for (const pod of pods) this.#notice(pod, node, now);
    const left = (pod: ApiObject) => (this.#missing.get(uidOf(pod)) ?? now) + quarantineMs - now;
    await Promise.all(pods.filter((pod) => left(pod) <= 0).map((pod) => this.#remove(pod)));
    const next = Math.min(...pods.map(left).filter((ms) => ms > 0));
    if (Number.isFinite(next)) this.#loop.touchAfter(node, next);
  }

  /** Begins the quarantine of a Pod, and says so where `kubectl describe` shows it. */
  #notice(pod: ApiObject, node: string, now: number): void {
    const uid = uidOf(pod);
    if (this.#missing.has(uid)) return;
    this.#missing.set(uid, now);
    const message = `Node "${node}" does not exist; the Pod is deleted unless the Node appears within ${quarantineMs / 1000} s`;
    this.#parts.events.record(pod, { type: "Warning", reason: "NodeNotFound", message, component });
  }

  async #remove(pod: ApiObject): Promise<void> {
    const { objects } = this.#parts;
    try {
      await objects.change(podKind, pod.metadata, (newest) => asOrphaned(newest, objects.now()), "status");
    } catch (error) {
      if (error instanceof StatusError && error.code === 404) return;
      throw error;
    }
    await this.#delete(pod);
  }

  async #delete(pod: ApiObject): Promise<void> {
    await this.#parts.objects.delete(podKind, pod.metadata, { gracePeriodSeconds: 0 });
  }

  #isMissing(node: string): boolean {
    return this.#parts.objects.get(nodeKind, { name: node }) === undefined;
  }
}

function uidOf(pod: ApiObject): string {
  return pod.metadata.uid ?? "";
}

function isGoing(pod: ApiObject): boolean {
  return pod.metadata.deletionTimestamp !== undefined;
}
