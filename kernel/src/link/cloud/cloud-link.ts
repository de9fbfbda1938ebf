import type { Duplex } from "node:stream";
import {
  Clock,
  type Connection,
  type JsonObject,
  KubeApi,
  type Listener,
  Logger,
  type LogReceiver,
  logReceiverPoint,
  type NodeSession,
  type NodeSessionChange,
  type NodeSessions,
  type NodeStreams,
  type PeerGuard,
  peerGuardPoint,
  Random,
  type ReplicaInterest,
  replicaInterestPoint,
  settingsToken,
  Transport,
  type UplinkReceiver,
  uplinkReceiverPoint,
} from "@skerry/contracts";
import { type Contributions, defineToken, errorMessage, inject, type Startable, type Stoppable } from "@skerry/plugin";
import { InterestEngine } from "../../autonomy/interest-engine.ts";
import { errors } from "../errors.ts";
import { budgets } from "../wire/budgets.ts";
import { closeCodes } from "../wire/close-codes.ts";
import { Admission } from "./admission.ts";
import { CloudSession } from "./cloud-session.ts";
import { ClusterWatches } from "./cluster-watches.ts";
import { interestingKinds, receiversByType } from "./contributed.ts";
import { Doorkeeper, type Visitor } from "./doorkeeper.ts";
import { FeedMemory } from "./feed-memory.ts";
import { LogIntake } from "./log-intake.ts";
import { SessionTable } from "./session-table.ts";
import { StateIntake } from "./state-intake.ts";

export interface CloudLinkSettings {
  readonly heartbeatMs: number;
  readonly resyncs: { readonly atOnce: number; readonly waiting: number; readonly waitMs: number };
}

export const CloudLinkSettings = settingsToken<CloudLinkSettings>();
export const CloudLinkToken = defineToken<CloudLink>("kernel.cloud-link/1");

const retryListenMs = 1_000;
/** A comparison takes two round trips. */
const longestTurnMs = 2_000;
const remembered = { feeds: 20_000, keysPerFeed: 1_000 };

/**
 * The cloud's end of the link: watches what concerns nodes, and serves a session to each node that
 * connects. It listens only once every watch has delivered its first list, so that no node is told to
 * let go of what merely was not listed yet.
 */
export class CloudLink implements NodeSessions, NodeStreams, Startable, Stoppable {
  readonly #table: SessionTable;
  readonly #memory = new FeedMemory(remembered);
  readonly #engine = new InterestEngine((node, key) => this.#changed(node, key), {
    bytes: budgets.objectBytes,
    exceeded: (key, bytes) =>
      this.log.error("an object is too large for the link; no node holds it", {
        key,
        bytes,
        limit: budgets.objectBytes,
      }),
  });
  readonly #intake: StateIntake;
  readonly #logs: LogIntake;
  readonly #admission: Admission;
  readonly #door: Doorkeeper;
  readonly #watches: ClusterWatches;
  readonly #open = new Set<CloudSession>();
  readonly #stop = new AbortController();
  #listening: Promise<Listener | undefined> | undefined;

  constructor(
    @inject(Transport) private readonly transport: Transport,
    @inject(KubeApi) private readonly api: KubeApi,
    @inject(replicaInterestPoint.contributions) private readonly interests: Contributions<ReplicaInterest>,
    @inject(uplinkReceiverPoint.contributions) private readonly receivers: Contributions<UplinkReceiver>,
    @inject(logReceiverPoint.contributions) private readonly logReceivers: Contributions<LogReceiver>,
    @inject(peerGuardPoint.contributions) private readonly guards: Contributions<PeerGuard>,
    @inject(CloudLinkSettings) private readonly settings: CloudLinkSettings,
    @inject(Clock) private readonly clock: Clock,
    @inject(Random) private readonly random: Random,
    @inject(Logger) private readonly log: Logger,
  ) {
    this.#table = new SessionTable(log);
    this.#intake = new StateIntake(clock, random, log);
    this.#logs = new LogIntake(clock, random, log);
    this.#admission = new Admission(clock, random, { ...settings.resyncs, turnMs: longestTurnMs });
    this.#door = new Doorkeeper(clock, log);
    this.#watches = new ClusterWatches({ api, engine: this.#engine, clock, log });
  }

  list(): readonly NodeSession[] {
    return this.#table.list();
  }

  watch(changed: (change: NodeSessionChange) => void): Disposable {
    return this.#table.watch(changed);
  }

  open(node: string, kind: string, parameters: JsonObject): Duplex {
    const session = this.#table.of(node);
    if (!session) throw errors.create("SKERRY_LINK_NODE_AWAY", { node });
    return session.openStream(kind, parameters);
  }

  async start(): Promise<void> {
    this.#intake.serve(receiversByType(this.receivers.all()));
    this.#logs.serve(receiversByType(this.logReceivers.all()));
    this.#door.place(this.guards.all().map(({ value }) => value));
    const kinds = interestingKinds(this.interests.all());
    this.#listening = this.#watches.start(kinds).then(() => this.#listen());
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error("the node stops"));
    this.#watches[Symbol.dispose]();
    this.#door[Symbol.dispose]();
    for (const session of this.#open) session.close(closeCodes.goingAway, "the cloud kernel stops");
    const listener = await this.#listening;
    await listener?.close();
    await this.#intake.drained();
    await this.#logs.drained();
  }

  #changed(node: string, key: string): void {
    this.#table.of(node)?.changed(key);
    this.#memory.changed(node, key);
  }

  async #listen(): Promise<Listener | undefined> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        const listener = await this.transport.listen((connection) => this.#accept(connection));
        this.log.info("listening for edge nodes", { address: listener.address });
        return listener;
      } catch (error) {
        this.log.error("cannot listen for edge nodes; trying again", { reason: errorMessage(error), error });
        await this.clock.sleep(retryListenMs, signal).catch(() => undefined);
      }
    }
    return undefined;
  }

  #accept(connection: Connection): void {
    let session: CloudSession | undefined;
    const visitor: Visitor = {
      peer: connection.peer,
      refuse: (code, reason) => (session ?? connection).close(code, reason),
    };
    this.#door.enter(visitor, () => {
      session = this.#begin(connection, () => this.#door.leave(visitor));
    });
  }

  #begin(connection: Connection, ended: () => void): CloudSession {
    const { clock, random } = this;
    const { heartbeatMs } = this.settings;
    const parts = {
      clock,
      random,
      engine: this.#engine,
      memory: this.#memory,
      intake: this.#intake,
      logs: this.#logs,
      admission: this.#admission,
      heartbeatMs,
      current: (signal: AbortSignal) => this.api.current(signal),
    };
    const session = new CloudSession(connection, parts, {
      accepted: () => this.#table.add(session),
      ended: (_, reason) => {
        this.#open.delete(session);
        this.#table.remove(session, reason);
        ended();
      },
    });
    this.#open.add(session);
    return session;
  }
}
