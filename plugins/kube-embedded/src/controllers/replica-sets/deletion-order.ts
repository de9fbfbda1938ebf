import { textAt } from "../../printing/member-at.ts";
import type { ApiObject } from "../../registry/api-object.ts";
import { timeIn } from "../runtime/number-at.ts";
import { isReady, mostRestarts, readySince } from "./pod-state.ts";

const costAnnotation = "controller.kubernetes.io/pod-deletion-cost";
const phaseRank: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/** What the order depends on beside the Pods. */
export interface DeletionContext {
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** How many Pods of the same purpose run on a node. */
  crowd(nodeName: string): number;
}

/**
 * Orders Pods so that those come first that are missed least, as the ReplicaSet controller of Kubernetes does: not on
 * a node, not running, not ready, cheap, on a crowded node, ready for a short time, often restarted, young. Times count by their magnitude
 * (powers of two), and chance, as the uid, decides between Pods of about the same age.
 */
export function byDeletion({ now, crowd }: DeletionContext): (left: ApiObject, right: ApiObject) => number {
  return (left, right) => {
    const [onLeft, onRight] = [textAt(left, "spec", "nodeName"), textAt(right, "spec", "nodeName")];
    return (
      Number(onLeft !== "") - Number(onRight !== "") ||
      rankOf(left) - rankOf(right) ||
      Number(isReady(left)) - Number(isReady(right)) ||
      costOf(left) - costOf(right) ||
      (onLeft === onRight ? 0 : crowd(onRight) - crowd(onLeft)) ||
      (isReady(left) && isReady(right) ? byAge(left, right, readySince(left), readySince(right), now) : 0) ||
      mostRestarts(right) - mostRestarts(left) ||
      byAge(left, right, bornAt(left), bornAt(right), now)
    );
  };
}

function byAge(
  left: ApiObject,
  right: ApiObject,
  leftTime: number | undefined,
  rightTime: number | undefined,
  now: number,
): number {
  if (leftTime === rightTime) return 0;
  if (leftTime === undefined) return -1;
  if (rightTime === undefined) return 1;
  const difference = magnitude(now - leftTime) - magnitude(now - rightTime);
  if (difference !== 0) return difference;
  return (left.metadata.uid ?? "") < (right.metadata.uid ?? "") ? -1 : 1;
}

function magnitude(ms: number): number {
  return ms <= 0 ? -1 : Math.floor(Math.log2(ms * 1e6));
}

function rankOf(pod: ApiObject): number {
  return phaseRank[textAt(pod, "status", "phase")] ?? 0;
}

function costOf({ metadata }: ApiObject): number {
  const text = metadata.annotations?.[costAnnotation] ?? "";
  return /^(0|-?[1-9][0-9]{0,9})$/.test(text) ? Number(text) : 0;
}

function bornAt({ metadata }: ApiObject): number | undefined {
  return timeIn(metadata.creationTimestamp);
}
