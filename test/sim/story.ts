import type { Clock } from "@skerry/contracts";

/** What a run did and found out. */
export class Story {
  readonly #clock: Clock;
  readonly lines: string[] = [];
  readonly violations: string[] = [];
  readonly counts = { operations: 0, acknowledged: 0, lost: 0, reordered: 0, phantom: 0, notConverged: 0 };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  tell(what: string): void {
    this.lines.push(`${(this.#clock.monotonic() / 1000).toFixed(3).padStart(8)} s  ${what}`);
  }

  operation(what: string): void {
    this.counts.operations += 1;
    this.tell(what);
  }

  violated(kind: "lost" | "reordered" | "phantom" | "notConverged", what: string): void {
    this.counts[kind] += 1;
    this.violations.push(`${kind}: ${what}`);
    this.tell(`VIOLATED ${kind}: ${what}`);
  }
}
