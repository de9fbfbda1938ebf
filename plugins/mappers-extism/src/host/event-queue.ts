import type { MapperEvent } from "@skerry/mapper";

/** What waits to be delivered to one guest, in order. Bounded: see each kind. */
export class EventQueue {
  #events: MapperEvent[] = [];
  #bytes = 0;

  /** Stream bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#events.length === 0;
  }

  add(event: MapperEvent): void {
    // A newer desire of a property replaces the one that waits: there are never more than properties.
    if (event.type === "on_desired") {
      this.#remove((other) => other.type === "on_desired" && other.property === event.property);
    }
    if (event.type === "on_bytes") this.#bytes += event.bytes.length;
    this.#events.push(event);
  }

  take(): MapperEvent | undefined {
    const event = this.#events.shift();
    if (event?.type === "on_bytes") this.#bytes -= event.bytes.length;
    return event;
  }

  /** Forgets what came on a stream that the guest has closed. */
  dropStream(stream: number): void {
    this.#remove((event) => "stream" in event && event.stream === stream);
  }

  /** Forgets a timer that fired, but was set again or cancelled before it was delivered. */
  dropTimer(id: number): void {
    this.#remove((event) => event.type === "on_timer" && event.id === id);
  }

  clear(): void {
    this.#events = [];
    this.#bytes = 0;
  }

  #remove(matches: (event: MapperEvent) => boolean): void {
    if (!this.#events.some(matches)) return;
    this.#events = this.#events.filter((event) => !matches(event));
    this.#bytes = this.#events.reduce((sum, event) => sum + (event.type === "on_bytes" ? event.bytes.length : 0), 0);
  }
}
