import type { Pod } from "../pod/pod.ts";
import type { NodeContext } from "./pod-context.ts";
import type { PodMemory } from "./pod-memory.ts";

export type EndingCause = "deleted" | "gone" | "expired" | "final";

/**
 * When a Pod is to end, and by when. Time is taken from the clock that never goes back; the wall clock is asked once, for
 * what passed before this process began.
 */
export class PodEndings {
  #endsAt: number | undefined;
  #activeSince: number | undefined;

  constructor(
    private readonly memory: PodMemory,
    private readonly node: NodeContext,
  ) {}

  /** @param pod as the replica has it now; absent: it is gone */
  causeFor(pod: Pod | undefined): EndingCause | undefined {
    if (pod === undefined) return "gone";
    if (pod.metadata.deletionTimestamp !== undefined) return "deleted";
    if (this.memory.isFinal) return "final";
    return this.memory.failure === undefined ? undefined : "expired";
  }

  /** It is wanted after all. */
  cancel(): void {
    this.#endsAt = undefined;
    this.memory.endingSince = undefined;
  }

  /** By when a Pod that ends has ended; a shorter grace counts from now, a longer one does not count. */
  endsAt(cause: EndingCause, pod: Pod | undefined): number {
    const { memory, node } = this;
    const now = node.clock.monotonic();
    const grace = (cause === "deleted" ? pod?.metadata.deletionGracePeriodSeconds : undefined) ?? memory.graceSeconds;
    if (this.#endsAt === undefined) {
      const passed = passedSince(memory.endingSince, node.clock.now());
      memory.endingSince ??= node.clock.now();
      this.#endsAt = now + Math.max(0, grace * 1000 - passed);
    }
    this.#endsAt = Math.min(this.#endsAt, now + grace * 1000);
    return this.#endsAt;
  }

  /** Milliseconds that the Pod may still be active; `undefined`: as long as it likes. */
  activeMs({ spec }: Pod): number | undefined {
    const { activeDeadlineSeconds } = spec;
    if (activeDeadlineSeconds === undefined) return undefined;
    const { clock } = this.node;
    this.#activeSince ??= clock.monotonic() - passedSince(this.memory.startedAt, clock.now());
    return Math.max(0, this.#activeSince + activeDeadlineSeconds * 1000 - clock.monotonic());
  }
}

/** Never negative: the wall clock may have been set back. */
function passedSince(since: number | undefined, now: number): number {
  return since === undefined ? 0 : Math.max(0, now - since);
}
