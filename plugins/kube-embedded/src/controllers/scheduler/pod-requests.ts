import type { JsonObject } from "../../kinds.ts";
import { memberAt, objectsAt } from "../../printing/member-at.ts";
import { type Amounts, amountsOf, largest, none, sum } from "./amounts.ts";

/** What containers without a request are counted as where nodes are compared, so that they spread as well. */
const assumed: Amounts = new Map([
  ["cpu", 100],
  ["memory", 200 * 1024 * 1024],
]);

/**
 * What a Pod asks of a node: its containers and sidecars together, or the largest init container beside the sidecars
 * that were started before it where that is more; and the overhead of its RuntimeClass.
 */
export function requestsOf(pod: JsonObject): Amounts {
  return summed(pod, (container) => amountsOf(memberAt(container, "resources", "requests")));
}

/** The same with something assumed for containers that do not say what CPU and memory they need. */
export function assumedRequestsOf(pod: JsonObject): Amounts {
  return summed(pod, (container) => {
    const asked = amountsOf(memberAt(container, "resources", "requests"));
    return new Map([...assumed, ...asked]);
  });
}

function summed(pod: JsonObject, requestsOfContainer: (container: JsonObject) => Amounts): Amounts {
  let besides = none;
  let first = none;
  for (const container of objectsAt(pod, "spec", "initContainers")) {
    const asked = requestsOfContainer(container);
    if (container["restartPolicy"] === "Always") besides = sum(besides, asked);
    first = largest(first, container["restartPolicy"] === "Always" ? besides : sum(besides, asked));
  }
  const running = objectsAt(pod, "spec", "containers").map(requestsOfContainer).reduce(sum, besides);
  return sum(largest(running, first), amountsOf(memberAt(pod, "spec", "overhead")));
}
