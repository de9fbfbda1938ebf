import { firstCredit } from "../wire/budgets.ts";
import { decodeFrame } from "../wire/decode.ts";
import { inflated } from "../wire/deflate.ts";
import type { Frame } from "../wire/frames.ts";
import { lanes } from "../wire/lanes.ts";
import type { Message } from "../wire/message.ts";
import { IncomingLane } from "./incoming-lane.ts";

/** What a message brought: a whole frame, a part of one, or something that ends the session. */
export type Received =
  | { readonly type: "frame"; readonly frame: Frame; readonly lane: number; readonly bytes: number }
  | { readonly type: "part" }
  | { readonly type: "problem"; readonly problem: string };

/** New credit to be told to the sender. */
export type Grant = (lane: number, bytes: number) => void;

/** Streams are few bytes each way at a time and paced by the answers; the others need no answer to each frame. */
const batch = 4;

/** Puts frames together from their parts, and holds the sender to the credit it was given. */
export class LaneReceiver {
  readonly #grant: Grant;
  readonly #control = new IncomingLane(Number.POSITIVE_INFINITY, 1);
  readonly #state = new IncomingLane(firstCredit.state, firstCredit.state / batch);
  readonly #log = new IncomingLane(firstCredit.log, firstCredit.log / batch);
  readonly #streams = new Map<number, IncomingLane>();
  /** The lanes of streams that were there: what is still on its way there is left aside. */
  #streamsSeen = 0;

  constructor(grant: Grant) {
    this.#grant = grant;
  }

  receive(message: Message): Received {
    const lane = this.#of(message.lane);
    if (!lane) {
      const isLate = message.lane - lanes.firstStream < this.#streamsSeen;
      return isLate
        ? { type: "part" }
        : { type: "problem", problem: `a message on lane ${message.lane}, which is not open` };
    }
    const problem = lane.add(message);
    if (problem !== undefined) return { type: "problem", problem: `${problem} on lane ${message.lane}` };
    if (message.hasMore) {
      // It is held until the frame is whole, within the budget of a frame, and blocks nobody.
      this.consumed(message.lane, message.part.length);
      return { type: "part" };
    }
    const bytes = lane.take();
    const whole = message.isDeflated ? inflated(bytes) : bytes;
    const frame = whole && decodeFrame(message.lane, whole);
    if (!frame)
      return {
        type: "problem",
        problem: `a frame of ${bytes.length} bytes on lane ${message.lane} could not be decoded`,
      };
    return { type: "frame", frame, lane: message.lane, bytes: message.part.length };
  }

  /** What a frame's last part took of the credit may be used again. */
  consumed(lane: number, bytes: number): void {
    const granted = this.#of(lane)?.consumed(bytes) ?? 0;
    if (granted > 0 && lane !== lanes.control) this.#grant(lane, granted);
  }

  openStream(lane: number): void {
    this.#streams.set(lane, new IncomingLane(firstCredit.stream, 1));
    this.#streamsSeen = Math.max(this.#streamsSeen, lane - lanes.firstStream + 1);
  }

  closeStream(lane: number): void {
    this.#streams.delete(lane);
  }

  #of(lane: number): IncomingLane | undefined {
    if (lane === lanes.control) return this.#control;
    if (lane === lanes.state) return this.#state;
    return lane === lanes.log ? this.#log : this.#streams.get(lane);
  }
}
