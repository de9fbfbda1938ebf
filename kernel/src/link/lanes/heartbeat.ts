import type { Clock, Timer } from "@skerry/contracts";

export interface HeartbeatHandlers {
  /** Nothing was sent for one heartbeat. */
  ping(): void;
  /** Nothing was received for two heartbeats: the other side is gone, whatever the connection says. */
  silent(): void;
}

/** Watches one connection for life, both ways. Anything sent or received counts. */
export class Heartbeat implements Disposable {
  readonly #clock: Clock;
  readonly #handlers: HeartbeatHandlers;
  #intervalMs: number;
  #sentAt: number;
  #receivedAt: number;
  #timer: Timer | undefined;

  constructor(clock: Clock, intervalMs: number, handlers: HeartbeatHandlers) {
    this.#clock = clock;
    this.#handlers = handlers;
    this.#intervalMs = intervalMs;
    this.#sentAt = clock.monotonic();
    this.#receivedAt = clock.monotonic();
    this.#schedule();
  }

  /** The interval both sides agreed on. */
  agree(intervalMs: number): void {
    this.#intervalMs = intervalMs;
    this.#schedule();
  }

  sent(): void {
    this.#sentAt = this.#clock.monotonic();
  }

  received(): void {
    this.#receivedAt = this.#clock.monotonic();
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }

  #schedule(): void {
    this.#timer?.[Symbol.dispose]();
    const now = this.#clock.monotonic();
    const next = Math.min(this.#sentAt + this.#intervalMs, this.#receivedAt + 2 * this.#intervalMs);
    this.#timer = this.#clock.after(Math.max(1, next - now), () => this.#due());
  }

  #due(): void {
    const now = this.#clock.monotonic();
    if (now - this.#receivedAt >= 2 * this.#intervalMs) return this.#handlers.silent();
    if (now - this.#sentAt >= this.#intervalMs) this.#handlers.ping();
    this.#schedule();
  }
}
