import {
  Clock,
  type Connection,
  KubeApi,
  type Listener,
  Logger,
  type NodeSession,
  type NodeSessionChange,
  type NodeSessions,
  Random,
  type ReplicaInterest,
  replicaInterestPoint,
  settingsToken,
  Transport,
  type UplinkReceiver,
  uplinkReceiverPoint,
} from "@skerry/contracts";
import { type Contributions, errorMessage, inject, type Startable, type Stoppable } from "@skerry/plugin";
import { InterestEngine } from "../../autonomy/interest-engine.ts";
import { budgets } from "../budgets.ts";
import { closeCodes } from "../frames.ts";
import { CloudSession } from "./cloud-session.ts";
import { ClusterWatches } from "./cluster-watches.ts";
import { interestingKinds, receiversByType } from "./contributed.ts";
import { SessionTable } from "./session-table.ts";
import { StateIntake } from "./state-intake.ts";

export interface CloudLinkSettings {
  readonly heartbeatMs: number;
}

export const CloudLinkSettings = settingsToken<CloudLinkSettings>();

const retryListenMs = 1_000;

/**
 * The cloud's end of the link: watches what concerns nodes, and serves a session to each node that
 * connects. It listens only once every watch has delivered its first list, so that no node is told to
 * let go of what merely was not listed yet.
 */
export class CloudLink implements NodeSessions, Startable, Stoppable {
  readonly #table: SessionTable;
  readonly #engine = new InterestEngine((node, key) => this.#table.of(node)?.changed(key), {
    bytes: budgets.objectBytes,
    exceeded: (key, bytes) =>
      this.log.error("an object is too large for the link; no node holds it", {
        key,
        bytes,
        limit: budgets.objectBytes,
      }),
  });
  readonly #intake: StateIntake;
  readonly #watches: ClusterWatches;
  readonly #open = new Set<CloudSession>();
  readonly #stop = new AbortController();
  #listening: Promise<Listener | undefined> | undefined;

  constructor(
    @inject(Transport) private readonly transport: Transport,
    @inject(KubeApi) api: KubeApi,
    @inject(replicaInterestPoint.contributions) private readonly interests: Contributions<ReplicaInterest>,
    @inject(uplinkReceiverPoint.contributions) private readonly receivers: Contributions<UplinkReceiver>,
    @inject(CloudLinkSettings) private readonly settings: CloudLinkSettings,
    @inject(Clock) private readonly clock: Clock,
    @inject(Random) random: Random,
    @inject(Logger) private readonly log: Logger,
  ) {
    this.#table = new SessionTable(log);
    this.#intake = new StateIntake(clock, random, log);
    this.#watches = new ClusterWatches({ api, engine: this.#engine, clock, log });
  }

  list(): readonly NodeSession[] {
    return this.#table.list();
  }

  watch(changed: (change: NodeSessionChange) => void): Disposable {
    return this.#table.watch(changed);
  }

  async start(): Promise<void> {
    this.#intake.serve(receiversByType(this.receivers.all()));
    const kinds = interestingKinds(this.interests.all());
    this.#listening = this.#watches.start(kinds).then(() => this.#listen());
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error("the node stops"));
    this.#watches[Symbol.dispose]();
    for (const session of this.#open) session.close(closeCodes.goingAway, "the cloud kernel stops");
    const listener = await this.#listening;
    await listener?.close();
    await this.#intake.drained();
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
    const { clock } = this;
    const parts = { clock, engine: this.#engine, intake: this.#intake, heartbeatMs: this.settings.heartbeatMs };
    const session = new CloudSession(connection, parts, {
      accepted: () => this.#table.add(session),
      ended: (_, reason) => {
        this.#open.delete(session);
        this.#table.remove(session, reason);
      },
    });
    this.#open.add(session);
  }
}
