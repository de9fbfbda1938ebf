import {
  Clock,
  type JsonValue,
  LinkState,
  Logger,
  NodeInfo,
  RuntimeCatalog,
  settingsToken,
  type Timer,
  Uplink,
} from "@skerry/contracts";
import { inject, optional, type Startable, type Stoppable } from "@skerry/plugin";
import { type NodeFacts, nodeUplinkType } from "../shared/node-facts.ts";
import { describeHost } from "./describe-host.ts";
import { readHost } from "./host.ts";

export interface NodeReporterSettings {
  readonly refreshMs: number;
  readonly pods: number;
}

const Settings = settingsToken<NodeReporterSettings>();

/** Facts that did not change are reported again after this many looks: somebody may have deleted the Node. */
const looksPerReport = 5;

/** Reports the facts of this machine: at the start, when they change, and when the link comes back. */
export class NodeReporter implements Startable, Stoppable {
  #timer: Timer | undefined;
  #link: Disposable | undefined;
  #last = "";
  #looks = 0;
  #looking: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(
    @inject(NodeInfo) private readonly node: NodeInfo,
    @inject(Uplink) private readonly uplink: Uplink,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
    @inject(Settings) private readonly settings: NodeReporterSettings,
    @inject(LinkState) private readonly link: LinkState,
    @inject(optional(RuntimeCatalog)) private readonly catalog: RuntimeCatalog | undefined,
  ) {}

  async start(): Promise<void> {
    await this.#look();
    this.#link = this.link.watch(({ state }) => {
      if (state !== "online") return;
      this.#looks = 0;
      this.#lookSoon();
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.[Symbol.dispose]();
    this.#link?.[Symbol.dispose]();
    await this.#looking;
  }

  #lookSoon(): void {
    this.#looking = this.#looking.then(() => this.#look());
  }

  async #look(): Promise<void> {
    if (this.#stopped) return;
    this.#timer?.[Symbol.dispose]();
    try {
      await this.#report(await this.#facts());
    } catch (error) {
      this.#looks = 0;
      this.logger.warn("the facts of this node were not reported", { error });
    }
    if (!this.#stopped) this.#timer = this.clock.after(this.settings.refreshMs, () => this.#lookSoon());
  }

  async #facts(): Promise<NodeFacts> {
    const runtimes = this.catalog?.list() ?? [];
    const { pods } = this.settings;
    return describeHost(await readHost(this.node.home), { version: this.node.version, pods, runtimes });
  }

  async #report(facts: NodeFacts): Promise<void> {
    const text = JSON.stringify(facts);
    const isDue = this.#looks % looksPerReport === 0;
    this.#looks += 1;
    if (!isDue && text === this.#last) return;
    await this.uplink.put({ type: nodeUplinkType, name: this.node.name }, facts as unknown as JsonValue);
    this.#last = text;
  }
}
