import { type Clock, type Connection, type Logger, refKey, refOf, type Timer } from "@skerry/contracts";
import { errorMessage } from "@skerry/plugin";
import type { Outbox } from "../../autonomy/outbox.ts";
import type { ReplicaChange, ReplicaStore } from "../../autonomy/replica-store.ts";
import { FramedConnection } from "../framed-connection.ts";
import { closeCodes, type Frame, type Put, type State, type Welcome, wireVersions } from "../frames.ts";
import { digestFrames } from "./digest-frames.ts";

export interface EdgeSessionParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly node: string;
  readonly replica: ReplicaStore;
  readonly outbox: Outbox;
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
  readonly #inFlight = new Map<number, State["key"]>();
  readonly #welcomeDeadline: Timer;
  #welcomed = false;
  #incoming: (ReplicaChange | "synced")[] = [];
  #applying: Promise<void> | undefined;

  constructor(connection: Connection, parts: EdgeSessionParts, events: EdgeSessionEvents) {
    this.#parts = parts;
    this.#events = events;
    this.#connection = new FramedConnection(connection, parts.clock, parts.heartbeatMs, {
      frame: (frame) => this.#received(frame),
      closed: (code, reason) => this.#closed(code, reason),
    });
    this.#connection.send({ type: "hello", versions: wireVersions, node: parts.node, root: parts.replica.root() });
    this.#welcomeDeadline = parts.clock.after(2 * parts.heartbeatMs, () => {
      this.close(closeCodes.silent, "no welcome within two heartbeats");
    });
  }

  /** Resolves when nothing of this session changes the replica any more. The next one must not begin before. */
  async settled(): Promise<void> {
    await this.#applying;
  }

  close(code: number, reason: string): void {
    this.#connection.close(code, reason);
  }

  #received(frame: Frame): void {
    switch (frame.type) {
      case "welcome":
        return this.#welcome(frame);
      case "put":
        return this.#put(frame);
      case "remove":
        return this.#enqueue({ type: "remove", key: frame.key });
      case "synced":
        return this.#enqueue("synced");
      case "acknowledge":
        for (const sequence of frame.sequences)
          this.#answered(sequence, (key) => this.#parts.outbox.acknowledged(key, sequence));
        return;
      case "refuse":
        return this.#answered(frame.sequence, (key) =>
          this.#parts.outbox.wasRefused(key, frame.sequence, frame.code, frame.message),
        );
      default:
        return this.close(closeCodes.malformed, `the cloud sent a ${frame.type} frame`);
    }
  }

  #welcome({ version, heartbeatMs, resync }: Welcome): void {
    if (this.#welcomed) return this.close(closeCodes.malformed, "a second welcome");
    if (!wireVersions.some((known) => known === version)) {
      return this.close(closeCodes.version, `the cloud chose wire version ${version}`);
    }
    this.#welcomed = true;
    this.#welcomeDeadline[Symbol.dispose]();
    this.#connection.setHeartbeat(heartbeatMs);
    this.#events.welcomed();
    if (resync) for (const frame of digestFrames(this.#parts.replica.digests())) this.#connection.send(frame);
    this.#parts.outbox.attach({
      send: (sequence, key, value) => {
        this.#inFlight.set(sequence, key);
        this.#connection.send({ type: "state", sequence, key, value });
      },
    });
  }

  #put({ key, object }: Put): void {
    const found = refKey(refOf(object));
    if (found !== key) return this.close(closeCodes.malformed, `an object of ${key} that names itself ${found}`);
    this.#enqueue({ type: "put", key, object });
  }

  #answered(sequence: number, tell: (key: State["key"]) => void): void {
    const key = this.#inFlight.get(sequence);
    if (!key) return this.close(closeCodes.malformed, `an answer to ${sequence}, which is not on its way`);
    this.#inFlight.delete(sequence);
    tell(key);
  }

  #enqueue(change: ReplicaChange | "synced"): void {
    if (!this.#welcomed) return this.close(closeCodes.malformed, "the replica before the welcome");
    this.#incoming.push(change);
    this.#applying ??= this.#apply();
  }

  /** Applies what has come, in order; what comes meanwhile makes the next batch. */
  async #apply(): Promise<void> {
    try {
      while (this.#incoming.length > 0) {
        const batch = this.#incoming;
        this.#incoming = [];
        await this.#parts.replica.apply(batch.filter((change) => change !== "synced"));
        if (batch.includes("synced") && this.#connection.isOpen) this.#events.synced();
      }
    } catch (error) {
      this.#parts.log.error("the replica could not be written", { error });
      this.close(closeCodes.internal, `the replica could not be written: ${errorMessage(error)}`);
    } finally {
      this.#applying = undefined;
    }
  }

  #closed(code: number, reason: string): void {
    this.#welcomeDeadline[Symbol.dispose]();
    this.#incoming = [];
    if (this.#welcomed) this.#parts.outbox.detach();
    this.#events.ended(code, reason);
  }
}
