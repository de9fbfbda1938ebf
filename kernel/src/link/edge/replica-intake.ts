import { type Logger, refKey, refOf } from "@skerry/contracts";
import { errorMessage } from "@skerry/plugin";
import type { ReplicaChange, ReplicaStore } from "../../autonomy/replica-store.ts";
import type { Cost } from "../lanes/framed-connection.ts";
import type { Put, Remove, Synced } from "../wire/frames.ts";
import type { ResumeMark } from "./resume-mark.ts";

export interface ReplicaIntakeEvents {
  /** The puts and removes of this session up to this one are on disk. */
  applied(sequence: number): void;
  /** This frame was dealt with. */
  consumed(cost: Cost): void;
  /** Both sides are equal. */
  synced(): void;
  /** The replica is not what the cloud takes it for. */
  differs(): void;
  failed(reason: string): void;
}

interface Incoming {
  readonly frame: Put | Remove | Synced;
  readonly cost: Cost;
}

/** Makes what one session sends down durable, in order; what comes during a write makes the next batch. */
export class ReplicaIntake {
  readonly #replica: ReplicaStore;
  readonly #mark: ResumeMark;
  readonly #log: Logger;
  readonly #events: ReplicaIntakeEvents;
  readonly #feed: string;
  #incoming: Incoming[] = [];
  #applying: Promise<void> | undefined;
  #sequence = 0;
  #hasCompared = false;

  constructor(feed: string, replica: ReplicaStore, mark: ResumeMark, log: Logger, events: ReplicaIntakeEvents) {
    this.#feed = feed;
    this.#replica = replica;
    this.#mark = mark;
    this.#log = log;
    this.#events = events;
  }

  /** Takes a frame in, unless it contradicts itself: then says how. */
  add(frame: Put | Remove | Synced, cost: Cost): string | undefined {
    if (frame.type === "put") {
      const found = refKey(refOf(frame.object));
      if (found !== frame.key) return `an object of ${frame.key} that names itself ${found}`;
    }
    this.#incoming.push({ frame, cost });
    this.#applying ??= this.#apply();
    return undefined;
  }

  /** Nothing more is to be applied but what is being written. */
  end(): void {
    this.#incoming = [];
  }

  /** Resolves when nothing of this session changes the replica any more. The next one must not begin before. */
  async settled(): Promise<void> {
    await this.#applying;
  }

  async #apply(): Promise<void> {
    try {
      while (this.#incoming.length > 0) {
        const batch = this.#incoming;
        this.#incoming = [];
        await this.#take(batch);
      }
    } catch (error) {
      this.#log.error("the replica could not be written", { error });
      this.#events.failed(`the replica could not be written: ${errorMessage(error)}`);
    } finally {
      this.#applying = undefined;
    }
  }

  async #take(batch: readonly Incoming[]): Promise<void> {
    const changes = batch.flatMap(({ frame }): ReplicaChange[] => (frame.type === "synced" ? [] : [frame]));
    if (changes.length > 0) await this.#replica.apply(changes);
    this.#sequence += changes.length;
    this.#mark.advance(this.#feed, this.#sequence);
    for (const { cost } of batch) this.#events.consumed(cost);
    if (changes.length > 0) this.#events.applied(this.#sequence);
    const synced = batch.findLast(({ frame }) => frame.type === "synced")?.frame;
    // Later changes in the same batch make another replica than the one of that digest.
    const isAtEnd = batch.at(-1)?.frame === synced;
    if (synced?.type === "synced") this.#compare(isAtEnd ? synced.root : undefined);
  }

  #compare(root: string | undefined): void {
    if (root === undefined || root === this.#replica.root()) return this.#events.synced();
    if (!this.#hasCompared) {
      this.#hasCompared = true;
      return this.#events.differs();
    }
    this.#log.error("after a full comparison the replica still differs from what the cloud holds for this node", {
      root,
    });
    this.#events.synced();
  }
}
