import type { Clock, Timer } from "@skerry/contracts";
import { errorMessage } from "@skerry/plugin";
import type { Probe } from "../pod/handler.ts";
import { type Outcome, ProbeCount } from "./probe-count.ts";
import type { ProbeResult } from "./probe-result.ts";

export interface ProbeLoopParts {
  readonly probe: Probe;
  readonly clock: Clock;
  /** Makes the probe once. Rejects when it could not be made, which says nothing of the container. */
  readonly check: () => Promise<ProbeResult>;
  /** Is told of each that did not go well. */
  readonly noticed: (result: ProbeResult | { readonly outcome: "unknown"; readonly message: string }) => void;
  /** Is told of each outcome that counts. */
  readonly settled: (outcome: Outcome) => void;
}

const defaultPeriodSeconds = 10;

/** Makes one probe of one container again and again, one at a time, until it is disposed. */
export class ProbeLoop implements Disposable {
  readonly #parts: ProbeLoopParts;
  readonly #count: ProbeCount;
  #timer: Timer | undefined;
  #isStopped = false;

  constructor(parts: ProbeLoopParts, firstInMs: number) {
    this.#parts = parts;
    this.#count = new ProbeCount(parts.probe);
    this.#after(firstInMs);
  }

  [Symbol.dispose](): void {
    this.#isStopped = true;
    this.#timer?.[Symbol.dispose]();
  }

  #after(ms: number): void {
    this.#timer = this.#parts.clock.after(ms, () => void this.#once());
  }

  async #once(): Promise<void> {
    const { clock, check, noticed, settled, probe } = this.#parts;
    const begun = clock.monotonic();
    const result = await check().catch((error: unknown) => {
      return { outcome: "unknown" as const, message: errorMessage(error) };
    });
    if (this.#isStopped) return;
    if (result.message !== undefined) noticed(result);
    const outcome = result.outcome === "unknown" ? undefined : this.#count.add(result.outcome);
    if (outcome !== undefined) settled(outcome);
    if (this.#isStopped) return;
    const periodMs = (probe.periodSeconds ?? defaultPeriodSeconds) * 1000;
    this.#after(Math.max(0, begun + periodMs - clock.monotonic()));
  }
}
