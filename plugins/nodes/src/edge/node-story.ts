import {
  Clock,
  type EventLog,
  LinkState,
  type LinkStatus,
  Logger,
  NodeInfo,
  type Timer,
  UplinkLog,
} from "@skerry/contracts";
import { inject, type Startable, type Stoppable } from "@skerry/plugin";
import { type NodeEvent, nodeEventLog } from "../shared/node-event.ts";

const lookEveryMs = 10_000;
/** A clock that moves by less against the time that passed is being kept, not set. */
const clockSetMs = 5_000;

/**
 * Tells what happens to the node while nobody in the cloud sees it: starts, the link going and coming, the clock
 * being set. It arrives in order once there is a link.
 */
export class NodeStory implements Startable, Stoppable {
  #story: EventLog | undefined;
  #watch: Disposable | undefined;
  #timer: Timer | undefined;
  #offline: LinkStatus | undefined;
  #wasOnline = false;
  #offsetMs = 0;

  constructor(
    @inject(UplinkLog) private readonly logs: UplinkLog,
    @inject(LinkState) private readonly link: LinkState,
    @inject(NodeInfo) private readonly node: NodeInfo,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
  ) {}

  async start(): Promise<void> {
    this.#story = this.logs.open(nodeEventLog, { whenFull: "oldest", maximumBytes: 1024 * 1024 });
    this.#tell({ type: "Normal", reason: "EdgeStarted", message: `Edge kernel ${this.node.version} started` });
    this.#watch = this.link.watch((status) => this.#changed(status));
    // The link may be quicker than this.
    this.#changed(this.link.current());
    this.#offsetMs = this.clock.now() - this.clock.monotonic();
    this.#lookLater();
  }

  async stop(): Promise<void> {
    this.#watch?.[Symbol.dispose]();
    this.#timer?.[Symbol.dispose]();
  }

  #changed(status: LinkStatus): void {
    if (status.state === "online") {
      const before = this.#offline;
      this.#offline = undefined;
      if (before && this.#wasOnline) {
        const seconds = Math.max(0, Math.round((status.since - before.since) / 1000));
        this.#tell({
          type: "Normal",
          reason: "EdgeOnline",
          message: `In step with the cloud again after ${seconds} s alone`,
        });
      }
      this.#wasOnline = true;
    } else if (status.state === "offline" && this.#wasOnline && !this.#offline) {
      this.#offline = status;
      this.#tell({ type: "Warning", reason: "EdgeOffline", message: `Alone: ${status.reason}` });
    }
  }

  #lookLater(): void {
    this.#timer = this.clock.after(lookEveryMs, () => {
      const offsetMs = this.clock.now() - this.clock.monotonic();
      const jumpMs = offsetMs - this.#offsetMs;
      this.#offsetMs = offsetMs;
      if (Math.abs(jumpMs) >= clockSetMs) {
        const [way, seconds] = [jumpMs > 0 ? "forward" : "back", Math.round(Math.abs(jumpMs) / 1000)];
        this.#tell({ type: "Warning", reason: "ClockSet", message: `The clock was set ${way} by ${seconds} s` });
      }
      this.#lookLater();
    });
  }

  #tell(event: NodeEvent): void {
    const message = event.message.slice(0, 1_024);
    this.#story?.append(this.node.name, { ...event, message }).catch((error: unknown) => {
      this.logger.warn("what happened to this node will not be told", { reason: event.reason, error });
    });
  }
}
