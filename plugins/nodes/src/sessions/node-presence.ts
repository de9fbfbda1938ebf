import {
  Clock,
  type Device,
  deviceResource,
  KubeApi,
  type KubeObject,
  Logger,
  type NodeSessionChange,
  NodeSessions,
  settingsToken,
  type Timer,
} from "@skerry/contracts";
import { defineToken, inject, type Startable, type Stoppable } from "@skerry/plugin";
import { away, connected as connectedStates } from "../shared/node-conditions.ts";
import { edgeLabel, nodeResource } from "../shared/node-resources.ts";
import { NodeIndex } from "./node-index.ts";
import { leaseSeconds, NodeLeases } from "./node-lease.ts";
import { isDeviceMarked, isMarked, NodeMarks } from "./node-marks.ts";
import { NodeTransitions } from "./node-transitions.ts";
import { neverConnected, type Presence } from "./presence.ts";

export interface NodePresenceSettings {
  readonly graceMs: number;
  readonly renewMs: number;
}

/** For the plugin's own classes. */
export const NodePresenceToken = defineToken<NodePresence>("nodes.presence/1");

const Settings = settingsToken<NodePresenceSettings>();
const retryMs = 2_000;

/**
 * Keeps what Kubernetes says of edge nodes in step with their sessions: the Lease of a connected node is renewed and
 * its Node is ready; of one that stays away, Node and Devices say that nothing is known.
 */
export class NodePresence implements Startable, Stoppable {
  readonly #presence = new Map<string, Presence>();
  /** The Nodes there are, and whether each is marked as its presence asks. */
  readonly #known = new Map<string, boolean>();
  readonly #uids = new Map<string, string>();
  readonly #queued = new Set<string>();
  readonly #devices = new NodeIndex();
  readonly #leases: NodeLeases;
  readonly #marks: NodeMarks;
  readonly #transitions: NodeTransitions;
  readonly #timers = new Map<string, Timer>();
  readonly #tails = new Map<string, Promise<void>>();
  readonly #watches: Disposable[] = [];
  #started = 0;
  #stopped = false;

  constructor(
    @inject(NodeSessions) private readonly sessions: NodeSessions,
    @inject(KubeApi) private readonly kube: KubeApi,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
    @inject(Settings) private readonly settings: NodePresenceSettings,
  ) {
    this.#leases = new NodeLeases(kube, clock);
    this.#marks = new NodeMarks(kube, clock);
    this.#transitions = new NodeTransitions(kube, logger);
  }

  async start(): Promise<void> {
    this.#started = this.clock.monotonic();
    this.#watches.push(
      this.sessions.watch((change) => this.#sessionChanged(change)),
      this.kube.watch(
        nodeResource,
        { upsert: (node) => this.#nodeChanged(node), remove: (node) => this.#nodeGone(node), synced: () => undefined },
        { labelSelector: `${edgeLabel}=true` },
      ),
      this.kube.watch(deviceResource, {
        upsert: (device) => this.#deviceChanged(device as Device),
        remove: (device) => this.#devices.remove(device),
        synced: () => undefined,
      }),
    );
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const watch of this.#watches.splice(0)) watch[Symbol.dispose]();
    for (const timer of this.#timers.values()) timer[Symbol.dispose]();
    await Promise.all(this.#tails.values());
    await this.#transitions.settled();
  }

  /** Every node that has a Node or a session, by name. */
  all(): readonly { readonly node: string; readonly presence: Presence }[] {
    const names = [...new Set([...this.#known.keys(), ...this.#presence.keys()])].sort();
    return names.map((node) => ({ node, presence: this.#presenceOf(node) }));
  }

  #presenceOf(node: string): Presence {
    return this.#presence.get(node) ?? { connected: false, since: this.#started, reason: neverConnected };
  }

  #sessionChanged({ session, connected, reason }: NodeSessionChange): void {
    // A node that reconnects may have its new session before the old one is found dead.
    if (!connected && this.sessions.list().some(({ node }) => node === session.node)) return;
    const since = this.clock.monotonic();
    const { node } = session;
    if (this.#known.has(node)) this.#known.set(node, false);
    this.#presence.set(session.node, connected ? { connected, session } : { connected, since, reason });
    this.#look(session.node);
  }

  #nodeChanged(node: KubeObject): void {
    const { name, uid } = node.metadata;
    const { connected } = this.#presenceOf(name);
    const marked = isMarked(node, connected ? connectedStates : away(""));
    this.#known.set(name, marked);
    if (uid !== undefined) this.#uids.set(name, uid);
    this.#transitions.seen(node);
    if (!marked) this.#look(name);
  }

  #nodeGone({ metadata: { name } }: KubeObject): void {
    this.#known.delete(name);
    this.#uids.delete(name);
    this.#transitions.forget(name);
    if (!this.#presenceOf(name).connected) this.#presence.delete(name);
  }

  #deviceChanged(device: Device): void {
    this.#devices.put(device);
    const { nodeName } = device.spec;
    if (!this.#presenceOf(nodeName).connected && !isDeviceMarked(device)) this.#look(nodeName);
  }

  /** Looks at a node soon, once for all that happened to it until then. */
  #look(node: string): void {
    this.#timers.get(node)?.[Symbol.dispose]();
    this.#timers.delete(node);
    if (this.#queued.has(node)) return;
    this.#queued.add(node);
    const before = this.#tails.get(node) ?? Promise.resolve();
    const tail = before
      .then(() => this.#bringInStep(node))
      .finally(() => {
        if (this.#tails.get(node) === tail) this.#tails.delete(node);
      });
    this.#tails.set(node, tail);
  }

  async #bringInStep(node: string): Promise<void> {
    this.#queued.delete(node);
    if (this.#stopped) return;
    let again: number | undefined;
    try {
      const presence = this.#presenceOf(node);
      again = presence.connected ? await this.#present(node, presence) : await this.#absent(node, presence);
    } catch (error) {
      this.logger.warn("a node was not brought in step with its session", { node, error });
      again = retryMs;
    }
    if (again !== undefined) this.#lookAfter(node, again);
  }

  async #present(node: string, { session }: Presence & { connected: true }): Promise<number> {
    const isPresent = () => this.#presenceOf(node).connected && !this.#stopped;
    // A session that a newer one replaced, in another kernel, says nothing of the node any more.
    if (!(await this.#leases.renew(node, session.since, this.#uids.get(node)))) return this.settings.renewMs;
    if (this.#known.get(node) === false) await this.#marks.markNode(node, connectedStates, isPresent);
    return this.settings.renewMs;
  }

  /** @returns in how many milliseconds to look again */
  async #absent(node: string, { since, reason }: Presence & { connected: false }): Promise<number | undefined> {
    const wait = since + this.settings.graceMs - this.clock.monotonic();
    if (wait > 0) return wait;
    if (await this.#leases.isHeldElsewhere(node)) return (leaseSeconds * 1_000) / 4;
    const isAbsent = () => !this.#presenceOf(node).connected && !this.#stopped;
    await this.#marks.markNode(node, away(`the node is not connected: ${reason}`), isAbsent);
    const message = `the node ${node} is not connected: ${reason}`;
    for (const name of this.#devices.devicesOf(node)) await this.#marks.markDevice(name, node, message, isAbsent);
    return undefined;
  }

  #lookAfter(node: string, ms: number): void {
    if (this.#stopped) return;
    this.#timers.get(node)?.[Symbol.dispose]();
    this.#timers.set(
      node,
      this.clock.after(ms, () => this.#look(node)),
    );
  }
}
