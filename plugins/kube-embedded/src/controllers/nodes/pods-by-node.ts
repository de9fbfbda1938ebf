import { textAt } from "../../printing/member-at.ts";
import { type ApiObject, keyOf } from "../../registry/api-object.ts";
import type { ObjectChange } from "../runtime/cluster-objects.ts";

/** The Pods that there are, by the node they are bound to; those without one under the empty name. */
export class PodsByNode {
  readonly #pods = new Map<string, Map<string, ApiObject>>();

  put({ before, after }: ObjectChange): void {
    if (before !== undefined) this.#remove(before);
    if (after === undefined) return;
    const node = nodeNameOf(after);
    const pods = this.#pods.get(node) ?? new Map<string, ApiObject>();
    this.#pods.set(node, pods.set(keyOf(after), after));
  }

  of(node: string): readonly ApiObject[] {
    return [...(this.#pods.get(node)?.values() ?? [])];
  }

  #remove(pod: ApiObject): void {
    const node = nodeNameOf(pod);
    const pods = this.#pods.get(node);
    pods?.delete(keyOf(pod));
    if (pods?.size === 0) this.#pods.delete(node);
  }
}

/** The node that a Pod is bound to; empty without one. */
export function nodeNameOf(pod: ApiObject): string {
  return textAt(pod, "spec", "nodeName");
}
