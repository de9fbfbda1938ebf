import { longestMessage, mostEvents, type PodEvent } from "../shared/pod-report.ts";

/** The events of one Pod, equal ones as one with a count; the newest are kept. */
export class PodEvents {
  readonly #series = new Map<string, PodEvent>();

  /** @param at RFC 3339 with whole seconds */
  record(event: Pick<PodEvent, "type" | "reason" | "message" | "fieldPath">, at: string): void {
    const message = event.message.slice(0, longestMessage);
    const key = `${event.reason} ${event.fieldPath ?? ""} ${message}`;
    const before = this.#series.get(key);
    this.#series.delete(key);
    this.#series.set(key, { ...event, message, count: (before?.count ?? 0) + 1, first: before?.first ?? at, last: at });
    const [oldest] = this.#series.keys();
    if (this.#series.size > mostEvents && oldest !== undefined) this.#series.delete(oldest);
  }

  list(): readonly PodEvent[] {
    return [...this.#series.values()];
  }
}
