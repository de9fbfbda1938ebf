import { type ApiObject, keyOf } from "../../registry/api-object.ts";
import { inOrder } from "./plan.ts";
import { podView } from "./pod-view.ts";

interface Waiting {
  pod: ApiObject;
  told?: { readonly message: string; readonly at: number };
}

/** The Pods that have no node yet, and which of them are to be looked at next. Times are monotonic milliseconds. */
export class WaitingPods {
  readonly #pods = new Map<string, Waiting>();
  readonly #due = new Set<string>();

  get size(): number {
    return this.#pods.size;
  }

  get hasDue(): boolean {
    return this.#due.size > 0;
  }

  put(pod: ApiObject): void {
    const key = keyOf(pod);
    const known = this.#pods.get(key);
    if (known !== undefined && known.pod.metadata.uid === pod.metadata.uid) known.pod = pod;
    else this.#pods.set(key, { pod });
  }

  remove(pod: ApiObject): void {
    this.#pods.delete(keyOf(pod));
    this.#due.delete(keyOf(pod));
  }

  makeDue(pod: ApiObject): void {
    if (this.#pods.has(keyOf(pod))) this.#due.add(keyOf(pod));
  }

  makeAllDue(): void {
    for (const key of this.#pods.keys()) this.#due.add(key);
  }

  /** The next Pods to be looked at, the urgent and then the elder first; they are due no more. */
  take(most: number): readonly ApiObject[] {
    const due = [...this.#due].flatMap((key) => this.#pods.get(key)?.pod ?? []);
    const next = due.sort((left, right) => inOrder(podView(left), podView(right))).slice(0, most);
    for (const pod of next) this.#due.delete(keyOf(pod));
    return next;
  }

  /** Whether nobody has been told this of a Pod for a time; from now on somebody has. */
  isNews(pod: ApiObject, message: string, now: number, afterMs: number): boolean {
    const waiting = this.#pods.get(keyOf(pod));
    if (waiting === undefined) return false;
    const { told } = waiting;
    if (told !== undefined && told.message === message && now - told.at < afterMs) return false;
    waiting.told = { message, at: now };
    return true;
  }
}
