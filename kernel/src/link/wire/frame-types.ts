import type { Frame } from "./frames.ts";

/** First byte of each frame. */
export const frameTypes = {
  credit: 1,
  acknowledge: 2,
  refuse: 3,
  applied: 4,
  resume: 5,
  compare: 6,
  list: 7,
  open: 8,
  reset: 9,
  "log-acknowledge": 10,
  "log-refuse": 11,
  "outbox-epoch": 12,
  put: 16,
  remove: 17,
  synced: 18,
  state: 19,
  buckets: 20,
  digests: 21,
  entries: 24,
  data: 28,
  end: 29,
} as const satisfies Record<Frame["type"], number>;
