import type { KubeObject, ReportOrder } from "@skerry/contracts";

/** On a Pod: which report of its node wrote its status, as `epoch/sequence`. Written in one request with the status. */
export const reportAnnotation = "edge.skerry.dev/report";

/**
 * Whether a newer report of the node's outbox than this one wrote the Pod already: it came by another session, perhaps to another
 * cloud kernel. Of reports without an order, or of another life of the outbox, nobody can tell.
 */
export function isOvertaken(pod: KubeObject, order: ReportOrder | undefined): boolean {
  const written = writtenOrder(pod);
  if (order === undefined || written?.epoch !== order.epoch) return false;
  return order.sequence < written.sequence;
}

/** The annotation to write beside the status; `undefined` when the Pod has it already. */
export function orderPatch(
  pod: KubeObject,
  order: ReportOrder | undefined,
): Readonly<Record<string, string>> | undefined {
  if (order === undefined) return undefined;
  const text = `${order.epoch}/${order.sequence}`;
  return pod.metadata.annotations?.[reportAnnotation] === text ? undefined : { [reportAnnotation]: text };
}

/** What people wrote there instead means nothing. */
function writtenOrder({ metadata }: KubeObject): ReportOrder | undefined {
  const [, epoch, digits] = /^(.*)\/(\d{1,16})$/s.exec(metadata.annotations?.[reportAnnotation] ?? "") ?? [];
  const sequence = Number(digits);
  return epoch === undefined || !Number.isSafeInteger(sequence) ? undefined : { epoch, sequence };
}
