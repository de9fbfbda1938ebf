import type { Frame } from "./frames.ts";
import { writeVarint } from "./varint.ts";

/** First byte of each frame. */
export const frameTypes = {
  hello: 1,
  welcome: 2,
  digests: 3,
  put: 4,
  remove: 5,
  synced: 6,
  state: 7,
  acknowledge: 8,
  refuse: 9,
  ping: 10,
} as const satisfies Record<Frame["type"], number>;

/** The bytes of a frame: docs/reference/link-v0.md. */
export function encodeFrame(frame: Frame): Uint8Array {
  const head: number[] = [frameTypes[frame.type]];
  switch (frame.type) {
    case "synced":
    case "ping":
      return Uint8Array.from(head);
    case "acknowledge":
      for (const sequence of frame.sequences) writeVarint(head, sequence);
      return Uint8Array.from(head);
    case "state":
      writeVarint(head, frame.sequence);
      return withBody(head, [frame.key.type, frame.key.name, frame.value]);
    case "refuse":
      writeVarint(head, frame.sequence);
      return withBody(head, [frame.code, frame.message]);
    case "digests":
      return withBody([...head, frame.isLast ? 1 : 0], frame.entries);
    case "put":
      return withBody(head, [frame.key, frame.object]);
    case "remove":
      return withBody(head, [frame.key]);
    case "hello":
      return withBody(head, [frame.versions, frame.node, frame.root]);
    case "welcome":
      return withBody(head, [frame.version, frame.heartbeatMs, frame.resync]);
  }
}

function withBody(head: readonly number[], body: unknown): Uint8Array {
  return Buffer.concat([Uint8Array.from(head), Buffer.from(JSON.stringify(body))]);
}
