import type { JsonObject } from "@skerry/contracts";
import type { PodReport } from "../../shared/pod-report.ts";
import { isFinal } from "../plan/pod-status.ts";
import type { Pod, PodIdentity } from "../pod/pod.ts";
import type { PodEvents } from "../pod-events.ts";
import type { PodRecord } from "../pod-record.ts";

const defaultGraceSeconds = 30;

/** What is remembered of one Pod, in memory; `record` is what goes to the disk of it. */
export class PodMemory {
  readonly startedAt: number;
  readonly toldFields: Set<string>;
  graceSeconds: number;
  status: JsonObject | undefined;
  isReleased: boolean;
  failure: PodRecord["failure"];
  endingSince: number | undefined;
  #messages: Map<string, string>;

  constructor(
    readonly identity: PodIdentity,
    known: PodRecord | undefined,
    now: number,
  ) {
    this.startedAt = known?.startedAt ?? now;
    this.graceSeconds = known?.graceSeconds ?? defaultGraceSeconds;
    this.status = known?.status;
    this.isReleased = known?.isReleased ?? false;
    this.failure = known?.failure;
    this.endingSince = known?.endingSince;
    this.toldFields = new Set(known?.toldFields ?? []);
    this.#messages = new Map(Object.entries(known?.messages ?? {}));
  }

  get isFinal(): boolean {
    return isFinal(this.status);
  }

  /** A main container of it was in a runtime. */
  get hasBegun(): boolean {
    const main = (this.status?.["containerStatuses"] ?? []) as readonly JsonObject[];
    return main.some((container) => container["containerID"] !== undefined);
  }

  get messages(): ReadonlyMap<string, string> {
    return this.#messages;
  }

  follow({ spec }: Pod): void {
    this.graceSeconds = spec.terminationGracePeriodSeconds ?? defaultGraceSeconds;
  }

  /** Keeps the last words of these containers and no others; asks for those of new ones. */
  async keepWords(containers: readonly string[], ask: (id: string) => Promise<string>): Promise<void> {
    const kept = new Map<string, string>();
    for (const id of containers) kept.set(id, this.#messages.get(id) ?? (await ask(id)));
    this.#messages = kept;
  }

  /** Of its containers, as they were reported last. */
  statuses(): readonly JsonObject[] {
    const lists = [this.status?.["initContainerStatuses"], this.status?.["containerStatuses"]] as readonly (
      | readonly JsonObject[]
      | undefined
    )[];
    return lists.flatMap((list) => list ?? []);
  }

  /** The highest attempt of each container that was ever reported to be in a runtime. */
  attempts(): ReadonlyMap<string, number> {
    const made = this.statuses().filter((container) => container["containerID"] !== undefined);
    return new Map(made.map((container) => [String(container["name"]), Number(container["restartCount"])]));
  }

  report(events: PodEvents): PodReport {
    return { status: this.status ?? { phase: "Pending" }, events: events.list(), released: this.isReleased };
  }

  record(events: PodEvents, isTold: boolean): PodRecord {
    const { identity, startedAt, graceSeconds, status, isReleased, toldFields, failure, endingSince } = this;
    return {
      identity,
      startedAt,
      graceSeconds,
      ...(status && { status }),
      events: events.list(),
      isReleased,
      isTold,
      toldFields: [...toldFields],
      messages: Object.fromEntries(this.#messages),
      ...(endingSince !== undefined && { endingSince }),
      ...(failure && { failure }),
    };
  }
}
