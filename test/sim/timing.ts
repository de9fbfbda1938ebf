/** Milliseconds of virtual time. Short heartbeats make more happen in less time; what counts are the ratios. */
export const timing = {
  heartbeatMs: 500,
  reconnect: { firstMs: 200, longestMs: 1_000 },
  /** Longest time from the end of all faults until everything is in step: two heartbeats, a reconnect, and a second. */
  convergeMs: 3_000,
} as const;
