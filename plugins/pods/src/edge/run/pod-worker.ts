import type { JsonObject, ObjectRef, Timer } from "@skerry/contracts";
import { errorMessage } from "@skerry/plugin";
import { BackOff } from "../plan/back-off.ts";
import { timeText } from "../plan/time-text.ts";
import type { Pod, PodIdentity } from "../pod/pod.ts";
import { PodEvents } from "../pod-events.ts";
import { PodObjects } from "../pod-objects.ts";
import type { PodRecord } from "../pod-record.ts";
import { PodFolders } from "../volumes/pod-folders.ts";
import { Holds } from "./holds.ts";
import { type NodeContext, type PodContext, retryMs } from "./pod-context.ts";
import { type EndingCause, PodEndings } from "./pod-endings.ts";
import { PodMemory } from "./pod-memory.ts";
import { PodReporter } from "./pod-reporter.ts";
import { PodSync } from "./pod-sync.ts";

/** Looks after one Pod, one look at a time, from its first to what is left of it when its object is gone. */
export class PodWorker {
  readonly #context: PodContext;
  readonly #memory: PodMemory;
  readonly #endings: PodEndings;
  readonly #reporter: PodReporter;
  readonly #sync: PodSync;
  #pod: Pod | undefined;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;
  #isTouched = false;
  #isStopped = false;

  /**
   * @param wanted the Pod as the replica has it now, if it is this node's
   * @param gone called when nothing of the Pod is left
   */
  constructor(
    readonly identity: PodIdentity,
    private readonly node: NodeContext,
    private readonly wanted: () => Pod | undefined,
    private readonly gone: () => void,
    known: PodRecord | undefined,
  ) {
    const events = new PodEvents(() => timeText(node.clock.now()), known?.events);
    this.#context = {
      node,
      identity,
      folders: new PodFolders(node.home, identity),
      objects: new PodObjects(node.replica, identity.namespace),
      events,
      backOff: new BackOff(),
      holds: new Holds(),
      touch: () => this.touch(),
    };
    this.#memory = new PodMemory(identity, known, node.clock.now());
    this.#endings = new PodEndings(this.#memory, node);
    this.#reporter = new PodReporter(node, this.#memory, events, known?.isTold === true);
    this.#sync = new PodSync(this.#context, this.#memory, this.#endings);
  }

  /** The status as it is known now; `undefined` once the Pod has been let go. */
  get status(): JsonObject | undefined {
    return this.#memory.isReleased || this.#pod === undefined
      ? undefined
      : (this.#memory.status ?? { phase: "Pending" });
  }

  /** Asks for a look. However often it is asked for during one, one follows. */
  touch(): void {
    if (this.#isStopped) return;
    this.#isTouched = true;
    this.#running ??= this.#run();
  }

  /** An object changed; if it is one that this Pod names, what failed because of it is tried again at once. */
  objectChanged(ref: ObjectRef): void {
    if (!this.#context.objects.wasAskedFor(ref)) return;
    this.podChanged();
  }

  podChanged(): void {
    this.#context.holds.loosen();
    this.touch();
  }

  /** Tells the cloud again how the Pod is. */
  repeat(): void {
    this.#reporter.repeat();
    this.touch();
  }

  /** Resolves when no look is under way and none will be. What the runtime is doing goes on. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.[Symbol.dispose]();
    await this.#running;
    this.#sync[Symbol.dispose]();
  }

  /** Resolves when no look is under way. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    // What is asked for within one turn is one look.
    await Promise.resolve();
    while (this.#isTouched && !this.#isStopped) {
      this.#isTouched = false;
      this.#timer?.[Symbol.dispose]();
      const againMs = await this.#look();
      if (againMs !== undefined && !this.#isStopped) this.#timer = this.node.clock.after(againMs, () => this.touch());
    }
    this.#running = undefined;
  }

  /** @returns in how many milliseconds to look again, unless something happens before */
  async #look(): Promise<number | undefined> {
    const wanted = this.wanted();
    this.#pod = wanted ?? this.#pod;
    if (wanted !== undefined) this.#memory.follow(wanted);
    const cause = this.#endings.causeFor(wanted);
    let againMs: number | undefined;
    let isOver = false;
    try {
      if (cause === "deleted" || cause === "gone") {
        const end = await this.#ended(cause, wanted);
        isOver = end === "over";
        againMs = end === "over" ? undefined : end;
      } else if (wanted !== undefined) againMs = await this.#kept(cause, wanted);
    } catch (error) {
      if (this.#isStopped) return undefined;
      againMs = this.#failed(error);
    }
    try {
      if (wanted !== undefined) await this.#reporter.tell();
      else if (isOver) await this.#leave();
      return againMs;
    } catch (error) {
      this.node.logger.warn("a Pod was not reported; trying again", { pod: this.#name, error });
      return retryMs;
    }
  }

  #kept(cause: EndingCause | undefined, wanted: Pod): Promise<number | undefined> {
    if (cause === undefined) this.#endings.cancel();
    return this.#sync.keep(wanted);
  }

  async #ended(cause: EndingCause, wanted: Pod | undefined): Promise<"over" | number | undefined> {
    this.#endings.endsAt(cause, wanted);
    const end = await this.#sync.end(this.#pod, () => this.#reporter.remember());
    if (end === "over" && cause === "deleted") this.#memory.isReleased = true;
    return end;
  }

  #failed(error: unknown): number {
    this.node.logger.warn("a Pod is not in step; trying again", { pod: this.#name, error });
    this.#context.events.warn("FailedSync", `error syncing the Pod: ${errorMessage(error)}`);
    return retryMs;
  }

  async #leave(): Promise<void> {
    await this.#reporter.forget();
    this.#sync[Symbol.dispose]();
    this.gone();
  }

  get #name(): string {
    return `${this.identity.namespace}/${this.identity.name}`;
  }
}
