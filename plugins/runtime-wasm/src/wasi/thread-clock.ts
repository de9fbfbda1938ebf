/** The clocks of a program, in nanoseconds. */
export interface ThreadClock {
  /** Since the Unix epoch. May jump, both ways. */
  realtime(): bigint;
  /** Since some fixed moment; never goes backwards. */
  monotonic(): bigint;
}
