import type { Pod } from "../pod/pod.ts";
import { prepareVolumes } from "../volumes/pod-volumes.ts";
import { type PodContext, retryMs } from "./pod-context.ts";

/** Holds a Pod whose volumes are not there: no container is called like this. */
export const volumeHold = "/volumes";

/** Keeps the volumes of one Pod as its object and the replica have them. */
export class VolumeKeeper {
  #problem = "";

  constructor(private readonly context: PodContext) {}

  /** Makes them, and holds the Pod when it cannot. */
  async areThere(pod: Pod): Promise<boolean> {
    const { node, objects, folders, holds, events } = this.context;
    for (const sentence of await node.tokens.renew(pod)) events.warn("ServiceAccountTokenExpired", sentence);
    const context = { pod, objects, place: { ...node.place(), podIps: [] }, tokens: node.tokens };
    const problems = await prepareVolumes(context, folders, node.writer);
    const now = node.clock.monotonic();
    const [first] = problems;
    if (first === undefined) {
      holds.release(volumeHold);
      this.#problem = "";
      return true;
    }
    const problem = problems.map(({ message }) => message).join("\n");
    // What fails again for the same reason is told again when it is tried again, not at each look.
    if (problem !== this.#problem || !holds.has(volumeHold, now)) {
      for (const { message } of problems) events.warn("FailedMount", message);
      const hold = { reason: "ContainerCreating", message: first.message };
      holds.hold(volumeHold, hold, { until: now + retryMs, isLoose: false });
    }
    this.#problem = problem;
    return false;
  }
}
