/** What one guest may use. */
export interface GuestLimits {
  /** Pages of 64 KiB its memory may grow to. */
  readonly memoryPages: number;
  /** WebAssembly instructions of one call, as an upper bound. */
  readonly fuelPerCall: number;
  /** Effects of one call, log lines included. */
  readonly effectsPerCall: number;
}

/** Imports a guest may call in one call, `event_length` and `event_read` included: the host's time is not metered. */
export const hostCallsPerCall = 4096;

/** Bytes that one call may copy across the border, both ways together. */
export const copiedBytesPerCall = 1024 * 1024;
