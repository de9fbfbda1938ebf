import { StatusError } from "../../api/status-error.ts";
import { isJsonObject } from "../../kinds.ts";
import { objectsAt } from "../../printing/member-at.ts";
import type { ApiObject } from "../../registry/api-object.ts";
import { nodeKind, podKind } from "../../registry/builtin/index.ts";
import type { Controller, ControllerParts } from "../runtime/controller.ts";
import { ReconcileLoop } from "../runtime/reconcile-loop.ts";
import { conditionStatus } from "./node-conditions.ts";
import { nodeNameOf, PodsByNode } from "./pods-by-node.ts";

type Parts = Pick<ControllerParts, "objects" | "events" | "clock" | "logger">;

/**
 * Says of the Pods of a node that is not ready that they are not either, so that nothing counts on them. That they are
 * again is said by whoever speaks for the node.
 */
export class PodsNotReady implements Controller {
  readonly #parts: Parts;
  readonly #loop: ReconcileLoop;
  readonly #pods = new PodsByNode();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#loop = new ReconcileLoop("node-controller", parts, (node) => this.#reconcile(node));
  }

  start(): void {
    const { objects } = this.#parts;
    objects.watch(nodeKind, ({ after }) => {
      if (after !== undefined && isDown(after)) this.#loop.touch(after.metadata.name);
    });
    objects.watch(podKind, (change) => {
      this.#pods.put(change);
      const { after } = change;
      if (after !== undefined && isReady(after)) this.#look(nodeNameOf(after));
    });
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  #look(name: string): void {
    const node = this.#parts.objects.get(nodeKind, { name });
    if (node !== undefined && isDown(node)) this.#loop.touch(name);
  }

  async #reconcile(name: string): Promise<void> {
    const { objects, events } = this.#parts;
    const node = objects.get(nodeKind, { name });
    if (node === undefined || !isDown(node)) return;
    for (const pod of this.#pods.of(name).filter(isReady)) {
      try {
        await objects.change(podKind, pod.metadata, (newest) => asNotReady(newest, objects.now()), "status");
      } catch (error) {
        if (!(error instanceof StatusError && error.code === 404)) throw error;
        continue;
      }
      const component = "node-controller";
      events.record(pod, { type: "Warning", reason: "NodeNotReady", message: "Node is not ready", component });
    }
  }
}

/** Before it has said anything, there is nothing to take back. */
function isDown(node: ApiObject): boolean {
  const ready = conditionStatus(node, "Ready");
  return ready !== undefined && ready !== "True";
}

function isReady(pod: ApiObject): boolean {
  return conditionStatus(pod, "Ready") === "True";
}

/** A Pod whose condition Ready is false; itself when it is not ready. */
function asNotReady(pod: ApiObject, now: string): ApiObject {
  if (!isReady(pod)) return pod;
  const status = isJsonObject(pod["status"]) ? pod["status"] : {};
  const conditions = objectsAt(pod, "status", "conditions").map((condition) =>
    condition["type"] === "Ready" ? { ...condition, status: "False", lastTransitionTime: now } : condition,
  );
  return { ...pod, status: { ...status, conditions } };
}
