import { StatusError } from "../../api/status-error.ts";
import { memberAt } from "../../printing/member-at.ts";
import type { ApiObject } from "../../registry/api-object.ts";
import { leaseKind, nodeKind } from "../../registry/builtin/index.ts";
import type { WriteTarget } from "../../registry/strategy.ts";
import type { ObjectChange } from "../runtime/cluster-objects.ts";
import type { Controller, ControllerParts } from "../runtime/controller.ts";
import { ReconcileLoop } from "../runtime/reconcile-loop.ts";
import { asUnheard, conditionStatus, heartbeatOf } from "./node-conditions.ts";
import { withTaints } from "./node-taints.ts";

type Parts = Pick<ControllerParts, "objects" | "events" | "clock" | "logger">;

/** How long a node may be silent. */
export const graceMs = 40_000;
/** How long a new one may be, before it says anything at all. */
export const startupGraceMs = 60_000;
const leases = "kube-node-lease";

/** When this process last heard of a node, in monotonic milliseconds, and whether that has been too long. */
interface Heard {
  at: number;
  isSilent: boolean;
}

/**
 * Says of a Node that nothing is known when its Lease and its heartbeat stand still, and keeps the taints that follow
 * from conditions. What counts is when this process saw a renewal: after its start every node has the whole time.
 */
export class NodeLifecycle implements Controller {
  readonly #parts: Parts;
  readonly #loop: ReconcileLoop;
  readonly #heard = new Map<string, Heard>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#loop = new ReconcileLoop("node-controller", parts, (name) => this.#reconcile(name));
  }

  start(): void {
    const { objects } = this.#parts;
    objects.watch(nodeKind, (change) => this.#nodeChanged(change));
    objects.watch(leaseKind, ({ before, after }) => {
      if (after?.metadata.namespace !== leases) return;
      const renewal = (lease: ApiObject | undefined) => lease && memberAt(lease, "spec", "renewTime");
      if (renewal(before) !== renewal(after)) this.#hear(after.metadata.name);
    });
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  #nodeChanged({ before, after }: ObjectChange): void {
    if (after === undefined) {
      if (before !== undefined) this.#heard.delete(before.metadata.name);
      return;
    }
    const { name, uid } = after.metadata;
    if (before === undefined || before.metadata.uid !== uid) {
      this.#heard.set(name, { at: this.#parts.clock.monotonic(), isSilent: false });
      this.#loop.touch(name);
      return;
    }
    const heartbeat = heartbeatOf(after);
    if (heartbeat !== undefined && heartbeat !== heartbeatOf(before)) this.#hear(name);
    if (withTaints(after, "") !== after) this.#loop.touch(name);
    if (conditionStatus(before, "Ready") === "True" && conditionStatus(after, "Ready") !== "True") {
      const message = `Node ${name} status is now: NodeNotReady`;
      this.#parts.events.record(after, {
        type: "Normal",
        reason: "NodeNotReady",
        message,
        component: "node-controller",
      });
    }
  }

  #hear(name: string): void {
    const heard = this.#heard.get(name);
    if (heard === undefined) return;
    heard.at = this.#parts.clock.monotonic();
    if (heard.isSilent) this.#loop.touch(name);
    heard.isSilent = false;
  }

  async #reconcile(name: string): Promise<void> {
    const { objects, clock } = this.#parts;
    const node = objects.get(nodeKind, { name });
    const heard = this.#heard.get(name);
    if (node === undefined || heard === undefined) return;
    const grace = conditionStatus(node, "Ready") === undefined ? startupGraceMs : graceMs;
    const left = heard.at + grace - clock.monotonic();
    heard.isSilent = left <= 0;
    if (left > 0) this.#loop.touchAfter(name, left);
    else await this.#write(node, asUnheard, "status");
    await this.#write(objects.get(nodeKind, { name }) ?? node, withTaints);
  }

  async #write(
    node: ApiObject,
    change: (node: ApiObject, now: string) => ApiObject,
    target?: WriteTarget,
  ): Promise<void> {
    const { objects } = this.#parts;
    const now = objects.now();
    if (change(node, now) === node) return;
    try {
      await objects.change(nodeKind, node.metadata, (newest) => change(newest, now), target);
    } catch (error) {
      // It is gone; another of its name is another life.
      if (!(error instanceof StatusError && error.code === 404)) throw error;
    }
  }
}
