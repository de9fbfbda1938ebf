import type { Clock, Connection, Logger, Timer } from "@skerry/contracts";
import { bucketDigests, inBuckets } from "../../autonomy/digest-buckets.ts";
import type { EventLogs } from "../../autonomy/log/event-logs.ts";
import type { Outbox } from "../../autonomy/outbox.ts";
import type { ReplicaStore } from "../../autonomy/replica-store.ts";
import { type Cost, FramedConnection } from "../lanes/framed-connection.ts";
import { StreamTable } from "../streams/stream-table.ts";
import { closeCodes } from "../wire/close-codes.ts";
import type { Credit, Frame, State } from "../wire/frames.ts";
import { encodeHello, type Hello, type Welcome, wireVersions } from "../wire/handshake.ts";
import { digestFrames } from "./digest-frames.ts";
import { ReplicaIntake } from "./replica-intake.ts";
import type { ResumeMark } from "./resume-mark.ts";
import type { StreamHandlers } from "./stream-handlers.ts";

export interface EdgeSessionParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly node: string;
  readonly replica: ReplicaStore;
  readonly mark: ResumeMark;
  readonly outbox: Outbox;
  readonly logs: EventLogs;
  readonly streams: StreamHandlers;
  /** Until the cloud says its own. */
  readonly heartbeatMs: number;
}

export interface EdgeSessionEvents {
  /** The cloud accepted the node; the replica is being compared. */
  welcomed(): void;
  /** The replica on disk is what the cloud wants it to be. */
  synced(): void;
  ended(code: number, reason: string): void;
}

/** One connection to the cloud, from the edge's side. */
export class EdgeSession {
  readonly #parts: EdgeSessionParts;
  readonly #events: EdgeSessionEvents;
  readonly #connection: FramedConnection;
  readonly #streams: StreamTable;
  readonly #inFlight = new Map<number, State["key"]>();
  readonly #welcomeDeadline: Timer;
  #intake: ReplicaIntake | undefined;

  constructor(connection: Connection, parts: EdgeSessionParts, events: EdgeSessionEvents) {
    this.#parts = parts;
    this.#events = events;
    this.#connection = new FramedConnection(connection, parts.clock, {
      handshake: (message) => this.#welcome(message),
      frame: (frame, cost) => this.#received(frame, cost),
      closed: (code, reason) => this.#closed(code, reason),
    });
    this.#streams = new StreamTable(this.#connection);
    const { node, replica } = parts;
    this.#connection.sendHandshake(encodeHello({ versions: wireVersions, node, root: replica.root() }));
    this.#welcomeDeadline = parts.clock.after(2 * parts.heartbeatMs, () => {
      this.close(closeCodes.silent, "no welcome within two heartbeats");
    });
  }

  /** Resolves when nothing of this session changes the replica any more. The next one must not begin before. */
  async settled(): Promise<void> {
    await this.#intake?.settled();
  }

  close(code: number, reason: string): void {
    this.#connection.close(code, reason);
  }

  #welcome(message: Hello | Welcome): void {
    if (message.type !== "welcome") return this.#malformed("a hello of the cloud");
    const { version, heartbeatMs, resync, feed } = message;
    if (!wireVersions.includes(version)) {
      return this.close(closeCodes.version, `the cloud chose wire version ${version}`);
    }
    const { replica, mark, log, outbox, logs } = this.#parts;
    this.#welcomeDeadline[Symbol.dispose]();
    this.#connection.establish(heartbeatMs);
    this.#intake = new ReplicaIntake(feed, replica, mark, log, {
      applied: (sequence) => this.#connection.send({ type: "applied", sequence }),
      consumed: (cost) => this.#connection.consumed(cost),
      synced: () => this.#connection.isOpen && this.#events.synced(),
      differs: () => this.#connection.send({ type: "resume", feed: "", sequence: 0 }),
      failed: (reason) => this.close(closeCodes.internal, reason),
    });
    this.#events.welcomed();
    if (resync) this.#connection.send({ type: "resume", ...mark.current() });
    let told: string | undefined;
    logs.attach((type, epoch, entries) => this.#connection.send({ type: "entries", log: type, epoch, entries }));
    outbox.attach({
      order: (epoch) => {
        if (epoch !== told) this.#connection.send({ type: "outbox-epoch", epoch });
        told = epoch;
      },
      send: (sequence, key, value) => {
        this.#inFlight.set(sequence, key);
        this.#connection.send({ type: "state", sequence, key, value });
      },
    });
  }

  #received(frame: Exclude<Frame, Credit>, cost: Cost): void {
    switch (frame.type) {
      case "put":
      case "remove":
      case "synced": {
        const problem = this.#intake?.add(frame, cost);
        return problem === undefined ? undefined : this.#malformed(problem);
      }
      case "data":
      case "end":
      case "reset":
        return this.#streams.received(frame, cost);
      default:
        this.#control(frame);
        this.#connection.consumed(cost);
    }
  }

  #control(frame: Exclude<Frame, Credit>): void {
    const { outbox, logs, replica, streams } = this.#parts;
    switch (frame.type) {
      case "acknowledge":
        for (const sequence of frame.sequences) this.#answered(sequence, (key) => outbox.acknowledged(key, sequence));
        return;
      case "refuse":
        return this.#answered(frame.sequence, (key) =>
          outbox.wasRefused(key, frame.sequence, frame.code, frame.message),
        );
      case "log-acknowledge":
      case "log-refuse": {
        const isKnown = logs.answered(frame.log, frame.epoch, frame.upTo, frame.type === "log-acknowledge");
        return isKnown
          ? undefined
          : this.#malformed(`an answer to ${frame.log} ${frame.upTo}, which is not on its way`);
      }
      case "compare": {
        const { bits } = frame;
        return this.#connection.send({ type: "buckets", bits, digests: bucketDigests(replica.digests(), bits) });
      }
      case "list":
        for (const digests of digestFrames(inBuckets(replica.digests(), frame.bits, frame.buckets)))
          this.#connection.send(digests);
        return;
      case "open": {
        const stream = this.#streams.opened(frame.stream);
        return typeof stream === "string"
          ? this.#malformed(stream)
          : streams.handle(frame.kind, frame.parameters, stream);
      }
      default:
        return this.#malformed(`the cloud sent a ${frame.type} frame`);
    }
  }

  #answered(sequence: number, tell: (key: State["key"]) => void): void {
    const key = this.#inFlight.get(sequence);
    if (!key) return this.#malformed(`an answer to ${sequence}, which is not on its way`);
    this.#inFlight.delete(sequence);
    tell(key);
  }

  #malformed(reason: string): void {
    this.close(closeCodes.malformed, reason);
  }

  #closed(code: number, reason: string): void {
    this.#welcomeDeadline[Symbol.dispose]();
    this.#intake?.end();
    this.#streams.end(reason);
    if (this.#intake) {
      this.#parts.outbox.detach();
      this.#parts.logs.detach();
    }
    void this.#parts.mark.save();
    this.#events.ended(code, reason);
  }
}
