import type { Clock } from "@skerry/contracts";

/** The origin of versions made in the cloud. No node may have this name. */
export const cloudOrigin = "cloud";

/** Versions later than this beyond all that a clock knows come from a clock that is wrong. */
export const farAheadMs = 24 * 60 * 60 * 1000;

const latestMs = Date.UTC(9999, 11, 31);
const highestCounter = 99_999;
const pattern = /^(\d{15})\.(\d{5})\.([a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?)$/;

export interface VersionParts {
  /** Milliseconds since the Unix epoch. */
  readonly ms: number;
  readonly counter: number;
  /** `cloud`, or the name of a node. */
  readonly origin: string;
}

/** The parts of a version; `undefined` when the text is none. */
export function parseVersion(text: string): VersionParts | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, ms = "", counter = "", origin = ""] = match;
  return Number(ms) > latestMs ? undefined : { ms: Number(ms), counter: Number(counter), origin };
}

/** Who made a version: `cloud`, or the name of a node. Empty for a text that is no version. */
export function originOf(version: string): string {
  return parseVersion(version)?.origin ?? "";
}

/** The later of two versions, either of which may be missing. Versions compare as strings. */
export function laterVersion(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a > b ? a : b;
}

/**
 * A hybrid logical clock: versions that follow the wall clock where it is right, and that are later than
 * every version seen before where it is not. Their text form sorts in time order.
 */
export class HybridClock {
  #ms = 0;
  #counter = 0;

  constructor(
    private readonly clock: Pick<Clock, "now">,
    private readonly origin: string,
  ) {}

  /** A version later than every one made or trusted before, and later than `floor`. */
  next(floor?: string): string {
    if (floor !== undefined) this.trust(floor);
    const now = Math.min(Math.max(0, Math.trunc(this.clock.now())), latestMs);
    if (now > this.#ms) {
      this.#ms = now;
      this.#counter = 0;
    } else if (this.#counter < highestCounter) {
      this.#counter += 1;
    } else {
      this.#ms += 1;
      this.#counter = 0;
    }
    return `${String(this.#ms).padStart(15, "0")}.${String(this.#counter).padStart(5, "0")}.${this.origin}`;
  }

  /** Whether a version is more than a day beyond the wall clock: others will not trust it. */
  isFarAhead(version: string): boolean {
    return (parseVersion(version)?.ms ?? 0) > this.clock.now() + farAheadMs;
  }

  /** Makes all later versions later than this one. Text that is no version is ignored. */
  trust(version: string): void {
    const parts = parseVersion(version);
    if (parts === undefined || parts.ms < this.#ms) return;
    this.#counter = parts.ms > this.#ms ? parts.counter : Math.max(this.#counter, parts.counter);
    this.#ms = parts.ms;
  }

  /**
   * Trusts a version of another clock, unless it is more than a day beyond both the wall clock and all
   * that was trusted before.
   *
   * @returns whether it was trusted
   */
  receive(version: string): boolean {
    const parts = parseVersion(version);
    if (parts === undefined || parts.ms > Math.max(this.clock.now(), this.#ms) + farAheadMs) return false;
    this.trust(version);
    return true;
  }
}
