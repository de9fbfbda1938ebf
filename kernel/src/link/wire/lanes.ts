import type { Frame } from "./frames.ts";

/** The lanes of a link. A smaller number goes first; streams share what the others leave. */
export const lanes = { control: 0, state: 1, log: 2, firstStream: 3 } as const;

/** The lane that a frame travels on. */
export function laneOf(frame: Frame): number {
  switch (frame.type) {
    case "put":
    case "remove":
    case "synced":
    case "state":
    case "buckets":
    case "digests":
      return lanes.state;
    case "entries":
      return lanes.log;
    case "data":
    case "end":
      return streamLane(frame.stream);
    default:
      return lanes.control;
  }
}

/** Each stream, counted from 0, has a lane of its own. */
export function streamLane(stream: number): number {
  return lanes.firstStream + stream;
}
