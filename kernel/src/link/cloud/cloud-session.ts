import type { Clock, Connection, JsonObject, NodeSession, Random, Timer } from "@skerry/contracts";
import { rootDigest } from "../../autonomy/digest.ts";
import type { InterestEngine } from "../../autonomy/interest-engine.ts";
import { type Cost, FramedConnection } from "../lanes/framed-connection.ts";
import type { LinkStream } from "../streams/link-stream.ts";
import { StreamTable } from "../streams/stream-table.ts";
import { budgets } from "../wire/budgets.ts";
import { closeCodes } from "../wire/close-codes.ts";
import type { Credit, Entries, Frame, Resume, State } from "../wire/frames.ts";
import { commonVersion, encodeWelcome, type Hello, type Welcome, wireVersions } from "../wire/handshake.ts";
import { tryAgainReason } from "../wire/try-again.ts";
import { Acknowledgements } from "./acknowledgements.ts";
import type { Admission } from "./admission.ts";
import type { FeedMemory } from "./feed-memory.ts";
import type { LogIntake } from "./log-intake.ts";
import { ReplicaComparison, type Step } from "./replica-comparison.ts";
import { ReplicaFeed } from "./replica-feed.ts";
import { SessionLogs } from "./session-logs.ts";
import type { StateIntake } from "./state-intake.ts";
import { Unanswered } from "./unanswered.ts";

export interface CloudSessionParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly engine: InterestEngine;
  readonly memory: FeedMemory;
  readonly intake: StateIntake;
  readonly logs: LogIntake;
  /** To comparisons of what nodes hold. */
  readonly admission: Admission;
  readonly heartbeatMs: number;
  /** Resolves when the engine knows of all that was written before the call; rejects with the reason of the signal. */
  current(signal: AbortSignal): Promise<void>;
}

export interface CloudSessionEvents {
  /** The node proved who it is. */
  accepted(session: CloudSession): void;
  ended(session: CloudSession, reason: string): void;
}

/** Prefix of a node's identity, as Kubernetes' node authorizer has it. */
const nodeIdentity = "system:node:";
const feedBytes = 9;

/** One connection of an edge node, from the cloud's side. */
export class CloudSession {
  readonly #parts: CloudSessionParts;
  readonly #events: CloudSessionEvents;
  readonly #connection: FramedConnection;
  readonly #streams: StreamTable;
  readonly #logs: SessionLogs;
  readonly #isOpen = () => this.#connection.isOpen;
  readonly #unanswered = new Unanswered();
  readonly #acknowledgements: Acknowledgements;
  readonly #helloDeadline: Timer;
  readonly #end = new AbortController();
  /** Names what this session sends down. */
  readonly #feedName: string;
  #node: NodeSession | undefined;
  #feed: ReplicaFeed | undefined;
  /** Whether this kernel sees what was written before the session began; `false` once the session is over. */
  #isCurrent = Promise.resolve(false);
  #comparison: ReplicaComparison | undefined;
  /** In the queue for a comparison, or at it. */
  #turn: Disposable | undefined;
  /** What the sequences of the node's states belong to. */
  #epoch: string | undefined;

  constructor(connection: Connection, parts: CloudSessionParts, events: CloudSessionEvents) {
    this.#parts = parts;
    this.#events = events;
    this.#feedName = Buffer.from(parts.random.bytes(feedBytes)).toString("base64url");
    this.#connection = new FramedConnection(connection, parts.clock, {
      handshake: (message) => this.#hello(message),
      frame: (frame, cost) => this.#received(frame, cost),
      closed: (code, reason) => this.#closed(code, reason),
    });
    this.#streams = new StreamTable(this.#connection);
    this.#logs = new SessionLogs(this.#connection, parts.logs);
    this.#acknowledgements = new Acknowledgements((frame) => this.#connection.send(frame));
    this.#helloDeadline = parts.clock.after(2 * parts.heartbeatMs, () => {
      this.close(closeCodes.silent, "no hello within two heartbeats");
    });
  }

  /** Known once accepted. */
  get node(): NodeSession | undefined {
    return this.#node;
  }

  close(code: number, reason: string): void {
    this.#connection.close(code, reason);
  }

  /** What this node should hold under a key may have changed. */
  changed(key: string): void {
    this.#feed?.changed(key);
  }

  /** Only while the session is open and accepted. */
  openStream(kind: string, parameters: JsonObject): LinkStream {
    return this.#streams.open(kind, parameters);
  }

  #hello(message: Hello | Welcome): void {
    if (message.type !== "hello") return this.#malformed("a welcome of a node");
    const { versions, node, root } = message;
    const { identity, address } = this.#connection.peer;
    if (identity !== `${nodeIdentity}${node}`) {
      return this.close(closeCodes.identity, `${identity} may not speak for node ${node}`);
    }
    const version = commonVersion(versions);
    if (version === undefined) {
      return this.close(closeCodes.version, `wire versions ${versions} are not spoken here, only ${wireVersions}`);
    }
    this.#helloDeadline[Symbol.dispose]();
    const { clock, engine, heartbeatMs, memory } = this.#parts;
    this.#node = { node, address, since: clock.now() };
    this.#feed = new ReplicaFeed(engine, this.#connection, node);
    const resync = rootDigest(engine.digests(node)) !== root;
    this.#connection.sendHandshake(encodeWelcome({ version, heartbeatMs, resync, feed: this.#feedName }));
    this.#connection.establish(heartbeatMs);
    this.#events.accepted(this);
    this.#isCurrent = this.#parts.current(this.#end.signal).then(
      () => true,
      () => false,
    );
    if (resync) return;
    memory.take(node, "", 0);
    this.#onceCurrent(() => this.#feed?.begin([]));
  }

  /** For what judges the node's replica: a kernel whose watches were ahead of this one's may have served the node before. */
  #onceCurrent(act: () => void): void {
    void this.#isCurrent.then((isCurrent) => isCurrent && this.#connection.isOpen && act());
  }

  #received(frame: Exclude<Frame, Credit>, cost: Cost): void {
    if (frame.type === "state") return this.#state(frame, cost);
    if (frame.type === "entries") return this.#entries(frame, cost);
    if (frame.type === "data" || frame.type === "end" || frame.type === "reset")
      return this.#streams.received(frame, cost);
    this.#control(frame);
    this.#connection.consumed(cost);
  }

  #control(frame: Exclude<Frame, Credit>): void {
    switch (frame.type) {
      case "applied": {
        const problem = this.#feed?.confirm(frame.sequence);
        return problem === undefined ? undefined : this.#malformed(problem);
      }
      case "outbox-epoch":
        this.#epoch = frame.epoch;
        return;
      case "resume":
        return this.#resume(frame);
      case "buckets":
        return this.#step(this.#comparison?.buckets(frame) ?? "buckets that were not asked for");
      case "digests":
        return this.#comparison
          ? this.#step(this.#comparison.digests(frame))
          : this.#malformed("digests that were not asked for");
      default:
        return this.#malformed(`an edge sent a ${frame.type} frame`);
    }
  }

  #state(state: State, cost: Cost): void {
    const problem = this.#unanswered.add(state, cost);
    if (problem !== undefined) return this.#malformed(problem);
    this.#parts.intake.push({
      node: this.#node?.node ?? "",
      state,
      ...(this.#epoch === undefined ? {} : { order: { epoch: this.#epoch, sequence: state.sequence } }),
      isOpen: this.#isOpen,
      acknowledge: (sequence) => {
        this.#answered(sequence);
        this.#acknowledgements.add(sequence);
      },
      refuse: (sequence, code, message) => {
        this.#answered(sequence);
        const [shortCode, shortMessage] = [
          code.slice(0, budgets.codeBytes),
          message.slice(0, budgets.messageCharacters),
        ];
        this.#connection.send({
          type: "refuse",
          sequence,
          code: shortCode,
          message: shortMessage || "no reason given",
        });
      },
    });
  }

  #entries(frame: Entries, cost: Cost): void {
    const problem = this.#logs.push(this.#node?.node ?? "", frame, cost);
    if (problem !== undefined) this.#malformed(problem);
  }

  #answered(sequence: number): void {
    const cost = this.#unanswered.answered(sequence);
    if (cost) this.#connection.consumed(cost);
  }

  #resume({ feed, sequence }: Resume): void {
    const { memory } = this.#parts;
    const node = this.#node?.node ?? "";
    const dirty = memory.take(node, feed, sequence);
    this.#onceCurrent(() => (dirty ? this.#feed?.begin(dirty) : this.#compare(node)));
  }

  #compare(node: string): void {
    const { engine } = this.#parts;
    this.#turn?.[Symbol.dispose]();
    this.#turn = this.#parts.admission.enter({
      admitted: () => {
        this.#feed?.compares();
        this.#comparison = new ReplicaComparison(() => engine.digests(node));
        this.#step(this.#comparison.start());
      },
      refused: (retryMs) => this.close(closeCodes.tryAgainLater, tryAgainReason(retryMs)),
    });
  }

  #step(step: Step): void {
    if (step === undefined) return;
    if (typeof step === "string") return this.#malformed(step);
    if ("ask" in step) return this.#connection.send(step.ask);
    this.#comparison = undefined;
    this.#turn?.[Symbol.dispose]();
    this.#feed?.beginWith(step.wanted, step.held);
  }

  #malformed(reason: string): void {
    this.close(closeCodes.malformed, reason);
  }

  #closed(code: number, reason: string): void {
    this.#helloDeadline[Symbol.dispose]();
    this.#turn?.[Symbol.dispose]();
    this.#end.abort(new Error("the session ended"));
    const rest = this.#feed?.rest();
    // One that was replaced leaves nothing: the node follows another feed by now.
    if (rest && this.#node && code !== closeCodes.replaced)
      this.#parts.memory.keep(this.#node.node, this.#feedName, rest);
    this.#feed?.[Symbol.dispose]();
    this.#streams.end(reason || "the connection was lost");
    if (this.#node) this.#parts.intake.forget(this.#node.node, this.#isOpen);
    this.#events.ended(this, `${reason || "the connection was lost"} (${code})`);
  }
}
