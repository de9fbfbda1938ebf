import { defineToken } from "@skerry/plugin";

/** A pending timer. Disposing it cancels the call; disposing twice is harmless. */
export interface Timer extends Disposable {}

/** The only source of time. In a simulation it is virtual. */
export interface Clock {
  /** Wall clock, milliseconds since the Unix epoch. May jump, both ways. */
  now(): number;
  /** Milliseconds since some fixed moment; never goes backwards. */
  monotonic(): number;
  /** Calls `callback` once, after at least `ms` milliseconds. Does not keep the process alive. */
  after(ms: number, callback: () => void): Timer;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const Clock = defineToken<Clock>("kernel.clock/1");
