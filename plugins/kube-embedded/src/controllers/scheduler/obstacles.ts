import { namedNodes } from "./node-selector.ts";
import type { PodView } from "./pod-view.ts";

/** What keeps a Pod from every node, whatever the nodes are; in kube-scheduler's words. */
export function obstacleOf({ demand, claims }: PodView): string | undefined {
  if (namedNodes(demand)?.size === 0) return "pod affinity terms conflict";
  const claim = claims[0];
  if (claim === undefined) return undefined;
  // Claims are no kind of this API, so none is ever there.
  const missing = `persistentvolumeclaim "${claim.name}"`;
  return claim.isEphemeral
    ? `waiting for ephemeral volume controller to create the ${missing}`
    : `${missing} not found`;
}
