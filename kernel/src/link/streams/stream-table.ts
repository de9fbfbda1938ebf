import type { JsonObject } from "@skerry/contracts";
import { errors } from "../errors.ts";
import type { Cost, FramedConnection } from "../lanes/framed-connection.ts";
import { budgets } from "../wire/budgets.ts";
import type { Data, End, Reset } from "../wire/frames.ts";
import { streamLane } from "../wire/lanes.ts";
import { LinkStream } from "./link-stream.ts";

/** The streams of one session, on either side. */
export class StreamTable {
  readonly #connection: FramedConnection;
  readonly #streams = new Map<number, LinkStream>();
  #next = 0;

  constructor(connection: FramedConnection) {
    this.#connection = connection;
  }

  /** Opens one to the other side. @throws SKERRY_LINK_STREAMS_USED_UP */
  open(kind: string, parameters: JsonObject): LinkStream {
    if (this.#streams.size >= budgets.streams)
      throw errors.create("SKERRY_LINK_STREAMS_USED_UP", { most: budgets.streams });
    const id = this.#next;
    const stream = this.#add(id);
    this.#connection.send({ type: "open", stream: id, kind, parameters });
    return stream;
  }

  /** One that the other side opened; a text says what is wrong with it. */
  opened(id: number): LinkStream | string {
    if (id !== this.#next) return `stream ${id} instead of ${this.#next}`;
    if (this.#streams.size >= budgets.streams) return `more than ${budgets.streams} streams`;
    return this.#add(id);
  }

  /** Frames of streams that are over already were on their way then. */
  received(frame: Data | End | Reset, cost: Cost): void {
    const stream = this.#streams.get(frame.stream);
    if (frame.type === "data") stream?.received(frame.bytes, cost);
    else if (frame.type === "end") stream?.receivedEnd();
    else {
      const { code, message } = frame;
      stream?.cut(errors.create("SKERRY_LINK_STREAM_RESET", { code, message }));
    }
    if (frame.type !== "data") this.#connection.consumed(cost);
  }

  /** The session is over, and with it every stream. */
  end(reason: string): void {
    for (const stream of [...this.#streams.values()])
      stream.cut(errors.create("SKERRY_LINK_SESSION_ENDED", { reason }));
  }

  #add(id: number): LinkStream {
    const lane = streamLane(id);
    this.#next = id + 1;
    this.#connection.sender.openStream(lane);
    this.#connection.receiver.openStream(lane);
    const stream = new LinkStream(id, this.#connection);
    this.#streams.set(id, stream);
    // Whoever has the stream may not listen; an error without a listener would end the process.
    stream.on("error", () => undefined);
    stream.once("close", () => {
      this.#streams.delete(id);
      this.#connection.sender.closeStream(lane);
      this.#connection.receiver.closeStream(lane);
    });
    return stream;
  }
}
