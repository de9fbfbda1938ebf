import type { Clock } from "@skerry/contracts";
import { firstCredit } from "../wire/budgets.ts";
import { deflated } from "../wire/deflate.ts";
import { encodeFrame } from "../wire/encode.ts";
import type { Frame } from "../wire/frames.ts";
import { laneOf, lanes } from "../wire/lanes.ts";
import { encodeMessage, heartbeat, type Message, nextCount } from "../wire/message.ts";
import { OutgoingLane } from "./outgoing-lane.ts";
import { PacedWindow } from "./paced-window.ts";

/** Bytes handed to the network and not yet taken by it. More would stand before whatever is urgent. */
const inNetworkBytes = 64 * 1024;

/** Where messages go. `taken` is called when the network has taken the message, never before `send` returned. */
export type Send = (message: Uint8Array, taken: () => void) => void;

/**
 * Sends frames by priority: control at once, then states, then logs, and streams in turn with what is left. A long
 * frame goes in parts, so that what is urgent waits for one part and not for all of it.
 */
export class LaneSender {
  readonly #send: Send;
  readonly #window: PacedWindow;
  readonly #state = new OutgoingLane(lanes.state, firstCredit.state);
  readonly #log = new OutgoingLane(lanes.log, firstCredit.log);
  /** In the order of their turns. */
  readonly #streams = new Map<number, OutgoingLane>();
  readonly #idle = new Map<number, () => void>();
  #inNetwork = 0;
  #count = 0;
  #pumping = false;
  #stopped = false;

  constructor(send: Send, clock: Clock) {
    this.#send = send;
    this.#window = new PacedWindow(clock);
  }

  push(frame: Frame): void {
    if (this.#stopped) return;
    const lane = laneOf(frame);
    const bytes = encodeFrame(frame);
    const small = lane < lanes.firstStream ? deflated(bytes) : undefined;
    if (lane === lanes.control) return this.#control(small ?? bytes, small !== undefined);
    this.#of(lane)?.push(small ?? bytes, small !== undefined);
    this.#pump();
  }

  /** Bytes that wait on a lane. */
  waiting(lane: number): number {
    return this.#of(lane)?.bytes ?? 0;
  }

  /** Calls whenever nothing waits on a lane any more, until the lane is closed. */
  whenIdle(lane: number, idle: () => void): void {
    this.#idle.set(lane, idle);
  }

  openStream(lane: number): void {
    this.#streams.set(lane, new OutgoingLane(lane, firstCredit.stream));
  }

  /** Forgets what waits on a stream's lane. */
  closeStream(lane: number): void {
    this.#window.lost(this.#streams.get(lane)?.unanswered ?? 0);
    this.#streams.delete(lane);
    this.#idle.delete(lane);
    this.#pump();
  }

  /** The receiver takes more. */
  grant(lane: number, bytes: number): void {
    const outgoing = this.#of(lane);
    // A stream that was closed meanwhile: its bytes are given up already.
    if (!outgoing) return;
    outgoing.grant(bytes);
    if (lane >= lanes.firstStream) this.#window.answered(bytes);
    this.#pump();
  }

  /** The connection is gone. */
  stop(): void {
    this.#stopped = true;
    this.#streams.clear();
    this.#idle.clear();
  }

  /** Says that this side is alive. */
  heartbeat(): void {
    if (!this.#stopped) this.#message(heartbeat(0));
  }

  #message(message: Omit<Message, "count">): void {
    const bytes = encodeMessage({ ...message, count: this.#count });
    this.#count = nextCount(this.#count);
    this.#inNetwork += bytes.length;
    this.#send(bytes, () => {
      this.#inNetwork -= bytes.length;
      this.#pump();
    });
  }

  #of(lane: number): OutgoingLane | undefined {
    if (lane === lanes.state) return this.#state;
    return lane === lanes.log ? this.#log : this.#streams.get(lane);
  }

  /** Control frames are few and short: they never wait for anything. */
  #control(bytes: Uint8Array, isDeflated: boolean): void {
    const lane = new OutgoingLane(lanes.control, Number.POSITIVE_INFINITY);
    lane.push(bytes, isDeflated);
    while (lane.canSend) this.#hand(lane);
  }

  #pump(): void {
    // Whoever hears that a lane is idle pushes more: the loop that is running takes it.
    if (this.#pumping) return;
    this.#pumping = true;
    while (!this.#stopped && this.#inNetwork < inNetworkBytes) {
      const lane = this.#next();
      if (!lane) break;
      this.#hand(lane);
    }
    this.#pumping = false;
  }

  #next(): OutgoingLane | undefined {
    if (this.#state.canSend) return this.#state;
    if (this.#log.canSend) return this.#log;
    if (!this.#window.hasRoom) return undefined;
    for (const [lane, stream] of this.#streams) {
      if (!stream.canSend) continue;
      // To the end of the queue: the others have their turns first.
      this.#streams.delete(lane);
      this.#streams.set(lane, stream);
      return stream;
    }
    return undefined;
  }

  #hand(lane: OutgoingLane): void {
    const next = lane.next();
    if (lane.lane >= lanes.firstStream) this.#window.sent(next.part.length);
    this.#message(next);
    if (lane.bytes === 0) this.#idle.get(lane.lane)?.();
  }
}
