import { StatusError } from "../../api/status-error.ts";
import { isJsonObject } from "../../kinds.ts";
import type { ApiObject } from "../../registry/api-object.ts";
import { nodeKind, podKind } from "../../registry/builtin/index.ts";
import type { Controller, ControllerParts } from "../runtime/controller.ts";
import { ReconcileLoop } from "../runtime/reconcile-loop.ts";
import { taintsOf } from "../scheduler/node-view.ts";
import { withDisruptionTarget } from "./disruption-target.ts";
import { toleratedMs } from "./eviction.ts";
import { nodeNameOf, PodsByNode } from "./pods-by-node.ts";

type Parts = Pick<ControllerParts, "objects" | "events" | "clock" | "logger">;

const component = "taint-eviction-controller";
const why = { reason: "DeletionByTaintManager", message: "Taint manager: deleting due to NoExecute taint" };

/** Deletes Pods from nodes with taints `NoExecute`, when they no longer tolerate them. */
export class TaintEviction implements Controller {
  readonly #parts: Parts;
  readonly #loop: ReconcileLoop;
  readonly #pods = new PodsByNode();
  /** Since when a Pod only tolerates where it is, by uid, in monotonic milliseconds. */
  readonly #since = new Map<string, number>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#loop = new ReconcileLoop(component, parts, (node) => this.#reconcile(node));
  }

  start(): void {
    const { objects } = this.#parts;
    objects.watch(nodeKind, ({ before, after }) => {
      const isTainted = [before, after].some((node) => node !== undefined && taintsOf(node).some(evicts));
      if (isTainted) this.#loop.touch((after ?? before)?.metadata.name ?? "");
    });
    objects.watch(podKind, (change) => {
      const { before, after } = change;
      this.#pods.put(change);
      if (before !== undefined && after?.metadata.uid !== before.metadata.uid) this.#since.delete(uidOf(before));
      if (after === undefined) return;
      const node = objects.get(nodeKind, { name: nodeNameOf(after) });
      if (node !== undefined && taintsOf(node).some(evicts)) this.#loop.touch(node.metadata.name);
    });
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #reconcile(name: string): Promise<void> {
    const { objects, clock } = this.#parts;
    const node = objects.get(nodeKind, { name });
    const taints = node === undefined ? [] : taintsOf(node).filter(evicts);
    const now = clock.monotonic();
    const due: ApiObject[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const pod of this.#pods.of(name)) {
      if (pod.metadata.deletionTimestamp !== undefined) continue;
      const left = this.#left(pod, toleratedMs(pod, taints), now);
      if (left <= 0) due.push(pod);
      else next = Math.min(next, left);
    }
    await Promise.all(due.map((pod) => this.#evict(pod)));
    if (Number.isFinite(next)) this.#loop.touchAfter(name, next);
  }

  /** In how many milliseconds a Pod has to leave. */
  #left(pod: ApiObject, tolerated: number | undefined, now: number): number {
    const since = this.#since.get(uidOf(pod));
    if (tolerated === undefined) {
      if (this.#since.delete(uidOf(pod))) this.#tell(pod, `Cancelling deletion of Pod ${nameOf(pod)}`);
      return Number.POSITIVE_INFINITY;
    }
    this.#since.set(uidOf(pod), since ?? now);
    return (since ?? now) + tolerated - now;
  }

  async #evict(pod: ApiObject): Promise<void> {
    const { objects } = this.#parts;
    this.#tell(pod, `Marking for deletion Pod ${nameOf(pod)}`);
    try {
      const now = objects.now();
      await objects.change(podKind, pod.metadata, (newest) => marked(newest, now), "status");
      await objects.delete(podKind, pod.metadata);
    } catch (error) {
      if (!(error instanceof StatusError && error.code === 404)) throw error;
    }
  }

  #tell(pod: ApiObject, message: string): void {
    this.#parts.events.record(pod, { type: "Normal", reason: "TaintManagerEviction", message, component });
  }
}

function marked(pod: ApiObject, now: string): ApiObject {
  const status = isJsonObject(pod["status"]) ? pod["status"] : {};
  return { ...pod, status: { ...status, conditions: withDisruptionTarget(pod, why, now) } };
}

function evicts({ effect }: { readonly effect: string }): boolean {
  return effect === "NoExecute";
}

function uidOf(pod: ApiObject): string {
  return pod.metadata.uid ?? "";
}

function nameOf({ metadata }: ApiObject): string {
  return `${metadata.namespace}/${metadata.name}`;
}
