import { createHash } from "node:crypto";
import type { SimClock } from "@skerry/testing/simulation";

/** What must never be. */
export type FlawKind = "lost" | "reordered" | "phantom" | "not converged" | "unbounded";

export interface Flaw {
  readonly kind: FlawKind;
  readonly text: string;
}

/** What happened in one simulation, line by line; the digest is all of it, the lines are kept only when they are asked for. */
export class Story {
  readonly flaws: Flaw[] = [];
  readonly lines: string[] = [];
  readonly #clock: SimClock;
  readonly #keep: boolean;
  readonly #hash = createHash("sha256");

  constructor(clock: SimClock, keep: boolean) {
    this.#clock = clock;
    this.#keep = keep;
  }

  say(text: string): void {
    const line = `${this.#clock.monotonic().toFixed(3).padStart(11)} ${text}`;
    this.#hash.update(`${line}\n`);
    if (this.#keep) this.lines.push(line);
  }

  flaw(kind: FlawKind, text: string): void {
    this.flaws.push({ kind, text });
    this.say(`FLAW ${kind}: ${text}`);
  }

  /** Of everything said so far. */
  digest(): string {
    return this.#hash.copy().digest("hex");
  }
}
