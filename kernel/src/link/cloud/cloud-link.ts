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
  type Resource,
  refOf,
  replicaInterestPoint,
  settingsToken,
  Transport,
  type UplinkReceiver,
  uplinkReceiverPoint,
} from "@skerry/contracts";
import { type Contributions, errorMessage, inject, type Startable, type Stoppable } from "@skerry/plugin";
import { InterestEngine } from "../../autonomy/interest-engine.ts";
import { closeCodes } from "../frames.ts";
import { CloudSession } from "./cloud-session.ts";
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
  readonly #engine = new InterestEngine((node, key) => this.#table.of(node)?.changed(key));
  readonly #intake: StateIntake;
  readonly #open = new Set<CloudSession>();
  readonly #watches: Disposable[] = [];
  readonly #stop = new AbortController();
  #listening: Promise<Listener | undefined> | undefined;

  constructor(
    @inject(Transport) private readonly transport: Transport,
    @inject(KubeApi) private readonly api: KubeApi,
    @inject(replicaInterestPoint.contributions) private readonly interests: Contributions<ReplicaInterest>,
    @inject(uplinkReceiverPoint.contributions) private readonly receivers: Contributions<UplinkReceiver>,
    @inject(CloudLinkSettings) private readonly settings: CloudLinkSettings,
    @inject(Clock) private readonly clock: Clock,
    @inject(Random) random: Random,
    @inject(Logger) private readonly log: Logger,
  ) {
    this.#table = new SessionTable(log);
    this.#intake = new StateIntake(clock, random, log);
  }

  list(): readonly NodeSession[] {
    return this.#table.list();
  }

  watch(changed: (change: NodeSessionChange) => void): Disposable {
    return this.#table.watch(changed);
  }

  async start(): Promise<void> {
    for (const { value } of this.receivers.all()) this.#intake.add(value);
    this.#listening = this.#synced().then(() => this.#listen());
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error("the node stops"));
    for (const watch of this.#watches) watch[Symbol.dispose]();
    for (const session of this.#open) session.close(closeCodes.goingAway, "the cloud kernel stops");
    const listener = await this.#listening;
    await listener?.close();
    await this.#intake.drained();
  }

  /** Resolves when every watch has delivered its first list. */
  async #synced(): Promise<void> {
    const kinds = this.interests.all().flatMap(({ value }) => value.resources.map((resource) => ({ value, resource })));
    await Promise.all(kinds.map(({ value, resource }) => this.#watch(resource, value)));
  }

  #watch(resource: Resource, interest: ReplicaInterest): Promise<void> {
    return new Promise((resolve) => {
      const watch = this.api.watch(resource, {
        upsert: (object) => this.#engine.upsert(object, interest),
        remove: (object) => this.#engine.remove(refOf(object)),
        synced: resolve,
      });
      this.#watches.push(watch);
      this.#stop.signal.addEventListener("abort", () => resolve(), { once: true });
    });
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
