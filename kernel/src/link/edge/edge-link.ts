import {
  Clock,
  type Connection,
  Logger,
  NodeInfo,
  Random,
  Sealer,
  Storage,
  type StreamHandler,
  settingsToken,
  streamHandlerPoint,
  Transport,
} from "@skerry/contracts";
import { type Contributions, defineToken, inject, type Startable, type Stoppable } from "@skerry/plugin";
import { LinkStateBoard } from "../../autonomy/link-state-board.ts";
import type { LinkCause } from "../../autonomy/link-transitions.ts";
import { EventLogs, type LogsBudget } from "../../autonomy/log/event-logs.ts";
import { Outbox } from "../../autonomy/outbox.ts";
import type { OutboxBudgetLimits } from "../../autonomy/outbox-budget.ts";
import { ReplicaStore } from "../../autonomy/replica-store.ts";
import { Backoff } from "../backoff.ts";
import { budgets } from "../wire/budgets.ts";
import { closeCodes } from "../wire/close-codes.ts";
import { retryAfter } from "../wire/try-again.ts";
import { EdgeSession } from "./edge-session.ts";
import { handlersByKind } from "./handlers-by-kind.ts";
import { causeOfClose, causeOfFailure } from "./link-cause.ts";
import { ResumeMark } from "./resume-mark.ts";
import { StreamHandlers } from "./stream-handlers.ts";

export interface EdgeLinkSettings {
  readonly heartbeatMs: number;
  readonly reconnect: { readonly firstMs: number; readonly longestMs: number; readonly againMs: number };
  readonly outbox?: OutboxBudgetLimits;
  readonly logs?: LogsBudget;
}

/**
 * Sessions that end so end so again, until somebody does something. Two nodes that go by one name would else replace
 * each other many times a second, for ever, and one whose disk takes no writes would come and go as often.
 */
const endsAgain: ReadonlySet<number> = new Set([closeCodes.replaced, closeCodes.internal]);

export const EdgeLinkSettings = settingsToken<EdgeLinkSettings>();
export const EdgeLinkToken = defineToken<EdgeLink>("kernel.edge-link/1");

/**
 * The edge's end of the link: keeps a session with the cloud as long as the node runs. Its start loads
 * replica and outbox from disk and never waits for the cloud.
 */
export class EdgeLink implements Startable, Stoppable {
  readonly board: LinkStateBoard;
  readonly outbox: Outbox;
  readonly logs: EventLogs;
  readonly replica: ReplicaStore;
  readonly #mark: ResumeMark;
  readonly #streams: StreamHandlers;
  readonly #stop = new AbortController();
  #session: EdgeSession | undefined;
  #running: Promise<void> | undefined;

  constructor(
    @inject(Transport) private readonly transport: Transport,
    @inject(Storage) private readonly storage: Storage,
    @inject(Sealer) sealer: Sealer,
    @inject(streamHandlerPoint.contributions) private readonly handlers: Contributions<StreamHandler>,
    @inject(EdgeLinkSettings) private readonly settings: EdgeLinkSettings,
    @inject(NodeInfo) private readonly node: NodeInfo,
    @inject(Clock) private readonly clock: Clock,
    @inject(Random) private readonly random: Random,
    @inject(Logger) private readonly log: Logger,
  ) {
    this.board = new LinkStateBoard(clock, log);
    this.outbox = new Outbox(clock, random, log, budgets, settings.outbox);
    const logLimits = { ...budgets, stateBytes: budgets.entryBytes };
    this.logs = new EventLogs(clock, random, log, logLimits, settings.logs);
    this.replica = new ReplicaStore(log, sealer);
    this.#mark = new ResumeMark(clock, log);
    this.#streams = new StreamHandlers(log);
  }

  async start(): Promise<void> {
    await this.replica.open(this.storage);
    await this.#mark.open(this.storage);
    await this.outbox.open(this.storage);
    await this.logs.start(this.storage);
    this.#streams.serve(handlersByKind(this.handlers.all()));
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error("the node stops"));
    this.#session?.close(closeCodes.goingAway, "the node stops");
    await this.#running;
    await this.#mark.save();
    await this.outbox.stop();
    await this.logs.stop();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    const { reconnect } = this.settings;
    const backoff = new Backoff(this.random, reconnect);
    const again = new Backoff(this.random, { ...reconnect, longestMs: reconnect.againMs });
    while (!signal.aborted) {
      try {
        this.board.happened({ type: "attempt" });
        const connection = await this.transport.connect(signal);
        await this.#hold(connection, backoff, again);
      } catch (error) {
        if (!signal.aborted) this.#offline("failed", causeOfFailure(error));
      }
      await this.clock.sleep(backoff.next(), signal).catch(() => undefined);
    }
    this.board.happened({ type: "stopping" });
  }

  /** One session, from its connection to its end. */
  #hold(connection: Connection, backoff: Backoff, again: Backoff): Promise<void> {
    return new Promise((resolve) => {
      const { clock, log, replica, outbox, logs } = this;
      const [mark, streams] = [this.#mark, this.#streams];
      const { heartbeatMs } = this.settings;
      const parts = { clock, log, replica, mark, outbox, logs, streams, node: this.node.name, heartbeatMs };
      let wasOnline = false;
      const session = new EdgeSession(connection, parts, {
        welcomed: () => {
          this.board.happened({ type: "welcomed", peer: connection.peer.address });
        },
        synced: () => {
          wasOnline = true;
          this.board.happened({ type: "synced", peer: connection.peer.address });
          this.log.info("in step with the cloud", { address: connection.peer.address });
        },
        ended: (code, reason) => {
          this.#session = undefined;
          if (endsAgain.has(code)) {
            backoff.holdOff(again.next());
          } else if (wasOnline) {
            backoff.reset();
            again.reset();
          }
          const retryMs = retryAfter(code, reason);
          if (retryMs !== undefined) backoff.holdOff(retryMs);
          this.#offline("ended", causeOfClose(code, reason));
          // What the next session says it holds must be what it holds then.
          resolve(session.settled());
        },
      });
      this.#session = session;
      if (this.#stop.signal.aborted) this.#session?.close(closeCodes.goingAway, "the node stops");
    });
  }

  /** Says it once: attempts that fail alike make no more lines. */
  #offline(type: "failed" | "ended", cause: LinkCause): void {
    if (!this.board.happened({ type, cause })) return;
    this.log.warn("offline; the node goes on alone", { reason: cause.reason });
  }
}
