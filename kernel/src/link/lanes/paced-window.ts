import type { Clock } from "@skerry/contracts";

const leastBytes = 16 * 1024;
const mostBytes = 1024 * 1024;
/** A queue along the way that delays by more than this is too long. */
const patienceMs = 10;
/** How long a shortest round trip counts: routes change. */
const rememberMs = 30_000;

interface Flight {
  readonly end: number;
  readonly at: number;
}

/**
 * How much of all streams together may be on its way. It grows while the answers come as fast as they ever did and
 * shrinks when they are late: then a queue has built up along the way, and everything else would stand in it. (After
 * LEDBAT, RFC 6817, with credits for acknowledgements.)
 */
export class PacedWindow {
  readonly #clock: Clock;
  readonly #flights: Flight[] = [];
  #bytes = 64 * 1024;
  #sent = 0;
  #answered = 0;
  #shortest = Number.POSITIVE_INFINITY;
  #shortestAt = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get hasRoom(): boolean {
    return this.#sent - this.#answered < this.#bytes;
  }

  sent(bytes: number): void {
    this.#sent += bytes;
    this.#flights.push({ end: this.#sent, at: this.#clock.monotonic() });
  }

  /** So many bytes were consumed at the other end. */
  answered(bytes: number): void {
    this.#answered = Math.min(this.#sent, this.#answered + bytes);
    let last: Flight | undefined;
    while (this.#flights[0] && this.#flights[0].end <= this.#answered) last = this.#flights.shift();
    if (last) this.#adapt(this.#clock.monotonic() - last.at, bytes);
  }

  /** So many bytes will never be answered: their stream is gone. */
  lost(bytes: number): void {
    this.#answered = Math.min(this.#sent, this.#answered + bytes);
  }

  #adapt(roundTripMs: number, bytes: number): void {
    const now = this.#clock.monotonic();
    if (roundTripMs <= this.#shortest || now - this.#shortestAt > rememberMs) {
      this.#shortest = roundTripMs;
      this.#shortestAt = now;
    }
    const isLate = roundTripMs > this.#shortest + patienceMs;
    this.#bytes = isLate ? Math.max(leastBytes, this.#bytes * 0.8) : Math.min(mostBytes, this.#bytes + bytes);
  }
}
