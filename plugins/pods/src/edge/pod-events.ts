import { longestMessage, mostEvents, type PodEvent } from "../shared/pod-report.ts";

export type EventText = Pick<PodEvent, "type" | "reason" | "message" | "fieldPath">;

/** The events of one Pod, equal ones as one with a count; those that happened last are kept. */
export class PodEvents {
  readonly #series = new Map<string, PodEvent>();
  readonly #at: () => string;

  /**
   * @param at the time now, RFC 3339 with whole seconds
   * @param known events from before, those that happened longest ago first
   */
  constructor(at: () => string, known: readonly PodEvent[] = []) {
    this.#at = at;
    for (const event of known) this.#series.set(keyOf(event), event);
  }

  normal(reason: string, message: string, fieldPath?: string): void {
    this.#record({ type: "Normal", reason, message, ...(fieldPath === undefined ? {} : { fieldPath }) });
  }

  warn(reason: string, message: string, fieldPath?: string): void {
    this.#record({ type: "Warning", reason, message, ...(fieldPath === undefined ? {} : { fieldPath }) });
  }

  list(): readonly PodEvent[] {
    return [...this.#series.values()];
  }

  #record(event: EventText): void {
    const text = { ...event, message: event.message.slice(0, longestMessage) };
    const key = keyOf(text);
    const before = this.#series.get(key);
    const at = this.#at();
    this.#series.delete(key);
    this.#series.set(key, { ...text, count: (before?.count ?? 0) + 1, first: before?.first ?? at, last: at });
    const [oldest] = this.#series.keys();
    if (this.#series.size > mostEvents && oldest !== undefined) this.#series.delete(oldest);
  }
}

function keyOf({ type, reason, message, fieldPath = "" }: EventText): string {
  return JSON.stringify([type, reason, fieldPath, message]);
}
