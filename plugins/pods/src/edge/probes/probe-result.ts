import type { Outcome } from "./probe-count.ts";

/** What one probe found. */
export interface ProbeResult {
  readonly outcome: Outcome;
  /** Of a failure: why. Of a success: what a user should know. */
  readonly message?: string;
}
