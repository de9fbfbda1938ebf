import {
  type Clock,
  type JsonValue,
  type Logger,
  type Random,
  type Storage,
  type Timer,
  type Uplink,
  type UplinkKey,
  uplinkErrors,
} from "@skerry/contracts";
import { type FlightLimits, FlightWindow } from "./flight-window.ts";
import { OutboxBudget, type OutboxBudgetLimits, stateBytes } from "./outbox-budget.ts";
import { OutboxDisk, type StoredState } from "./outbox-disk.ts";
import { OutboxEntry } from "./outbox-entry.ts";
import { OutboxOrder } from "./outbox-order.ts";
import { checkedText, type StateLimits } from "./state-check.ts";

/** Where the outbox sends while there is a link. */
export interface OutboxLane {
  /** What the sequences of the states sent from now on belong to. */
  order?(epoch: string): void;
  /** The state of a key; an acknowledgement or a refusal of its sequence number follows, or the lane is taken away. */
  send(sequence: number, key: UplinkKey, value: JsonValue): void;
}

export interface OutboxLimits extends StateLimits, FlightLimits {}

/** A state that no link takes within this time is written down; one that is acknowledged sooner never touches the disk. */
const writeAfterMs = 200;
const retryWriteMs = 1_000;

export const defaultOutboxBudget: OutboxBudgetLimits = { states: 100_000, bytes: 64 * 1024 * 1024 };

interface Attempt {
  readonly entry: OutboxEntry;
  readonly sequence: number | undefined;
}

/** The newest state of each key until the cloud has it. Guarantees: {@link Uplink}. */
export class Outbox implements Uplink {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #limits: OutboxLimits;
  readonly #disk = new OutboxDisk();
  readonly #entries = new Map<string, OutboxEntry>();
  /** By type, those that wait to be sent. */
  readonly #waiting = new Map<string, Set<OutboxEntry>>();
  readonly #window: FlightWindow;
  readonly #budget: OutboxBudget;
  readonly #order: OutboxOrder;
  #lane: OutboxLane | undefined;
  #refused = 0;
  #timer: Timer | undefined;
  #writing: Promise<void> | undefined;
  #stopped = false;
  #isFailing = false;

  constructor(
    clock: Clock,
    random: Random,
    log: Logger,
    limits: OutboxLimits,
    budget: OutboxBudgetLimits = defaultOutboxBudget,
  ) {
    this.#clock = clock;
    this.#log = log;
    this.#limits = limits;
    this.#window = new FlightWindow(limits);
    this.#budget = new OutboxBudget(budget);
    const write = this.#disk.writeOrder.bind(this.#disk);
    this.#order = new OutboxOrder({ clock, random, log, write, reserved: () => this.#reserved() });
  }

  /** Loads what an earlier run left unacknowledged. */
  async open(storage: Storage): Promise<void> {
    const { states, damaged, order } = await this.#disk.open(storage);
    for (const key of damaged) this.#log.error("a state in the outbox cannot be read and is left out", { key });
    const highest = states.reduce((most, { sequence }) => Math.max(most, sequence), 0);
    await this.#order.open(order, highest);
    for (const { key, sequence, text } of states) {
      const slash = key.indexOf("/");
      const entry = new OutboxEntry({ type: key.slice(0, slash), name: key.slice(slash + 1) });
      entry.latest = { sequence, text, bytes: Buffer.byteLength(text) };
      entry.onDisk = sequence;
      this.#entries.set(key, entry);
      this.#budget.hold(entry, stateBytes(key, text));
      this.#wait(entry);
    }
  }

  async put(key: UplinkKey, value: JsonValue): Promise<void> {
    if (this.#stopped) throw uplinkErrors.create("SKERRY_LINK_STOPPED", {});
    const text = checkedText(key, value, this.#limits);
    const entry = this.#entry(key, text);
    const sequence = this.#order.next();
    entry.latest = { sequence, text, bytes: Buffer.byteLength(text) };
    const safe = entry.safe(sequence);
    this.#offer(entry);
    if (entry.isDirty) this.#writeSoon(entry);
    await safe;
  }

  async forget(key: UplinkKey): Promise<void> {
    const entry = this.#entries.get(keyOf(key));
    if (!entry) return;
    const { latest } = entry;
    this.#drop(entry);
    if (latest) entry.markSafe(latest.sequence);
    this.#settle(entry);
    if (entry.isDirty) await this.#write();
  }

  pending(): number {
    return this.#budget.states;
  }

  /** Names and values that wait, in bytes as the budget counts them. */
  get pendingBytes(): number {
    return this.#budget.bytes;
  }

  /** Within one epoch, a state with a higher sequence was put later. Known once the outbox is open. */
  get epoch(): string {
    return this.#order.epoch;
  }

  /** States the cloud refused for good since the start. */
  get refused(): number {
    return this.#refused;
  }

  /** There is a link: sends what waits. */
  attach(lane: OutboxLane): void {
    this.#lane = lane;
    lane.order?.(this.epoch);
    this.#pump();
  }

  /** The link is gone: what was on its way counts as not sent. */
  detach(): void {
    this.#lane = undefined;
    this.#window.clear();
    for (const entry of [...this.#entries.values()]) {
      entry.inFlight = undefined;
      if (entry.latest) this.#wait(entry);
      this.#settle(entry);
    }
  }

  /** The cloud has this state durably. */
  acknowledged(key: UplinkKey, sequence: number): void {
    this.#answered(key, sequence);
  }

  /** The cloud will never take this state: it is dropped, unless a newer one waits. */
  wasRefused(key: UplinkKey, sequence: number, code: string, message: string): void {
    this.#refused += 1;
    this.#log.warn("the cloud refused a state", { key: keyOf(key), code, message });
    this.#answered(key, sequence);
  }

  /** Writes down what is not acknowledged; later puts are refused. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.detach();
    await this.#write();
    this.#timer?.[Symbol.dispose]();
    this.#order.stop();
  }

  #answered(key: UplinkKey, sequence: number): void {
    const entry = this.#entries.get(keyOf(key));
    if (entry?.inFlight?.sequence !== sequence) return;
    this.#window.remove(key.type, entry.inFlight.bytes);
    entry.inFlight = undefined;
    if (entry.latest?.sequence === sequence) this.#drop(entry);
    entry.markSafe(sequence);
    if (entry.isDirty) this.#writeSoon(entry);
    this.#settle(entry);
    this.#pump();
  }

  /** The entry of a key, with room taken for this. */
  #entry(key: UplinkKey, text: string): OutboxEntry {
    const entry = this.#entries.get(keyOf(key)) ?? new OutboxEntry(key);
    const bytes = stateBytes(keyOf(key), text);
    if (!this.#budget.mayHold(entry, bytes)) {
      const { states, bytes: used } = this.#budget;
      throw uplinkErrors.create("SKERRY_LINK_OUTBOX_FULL", { key: keyOf(key), bytes, states, used });
    }
    this.#budget.hold(entry, bytes);
    this.#entries.set(keyOf(key), entry);
    return entry;
  }

  #drop(entry: OutboxEntry): void {
    entry.latest = undefined;
    this.#budget.release(entry);
  }

  #reserved(): void {
    this.#lane?.order?.(this.epoch);
    this.#pump();
  }

  #pump(): void {
    for (const [type, waiting] of this.#waiting) {
      for (const entry of waiting) {
        if (!this.#window.hasRoom(type, 0)) break;
        this.#offer(entry);
      }
    }
  }

  /** Sends the newest state of an entry if it may be sent, else lets it wait. */
  #offer(entry: OutboxEntry): void {
    const { latest, key } = entry;
    if (!latest) return;
    const maySend = this.#lane && entry.isReady && this.#order.maySend(latest.sequence);
    if (!this.#lane || !maySend || !this.#window.hasRoom(key.type, latest.bytes)) return this.#wait(entry);
    this.#waiting.get(key.type)?.delete(entry);
    this.#window.add(key.type, latest.bytes);
    entry.inFlight = latest;
    this.#lane.send(latest.sequence, key, JSON.parse(latest.text) as JsonValue);
  }

  #wait(entry: OutboxEntry): void {
    const waiting = this.#waiting.get(entry.key.type) ?? new Set();
    this.#waiting.set(entry.key.type, waiting.add(entry));
  }

  #settle(entry: OutboxEntry): void {
    if (!entry.latest) this.#waiting.get(entry.key.type)?.delete(entry);
    if (entry.isDone) this.#entries.delete(keyOf(entry.key));
  }

  /** At once where the disk holds something older, which keeps the newest from being sent; else after a while. */
  #writeSoon(entry: OutboxEntry): void {
    const older = entry.onDisk ?? entry.writing?.sequence;
    if (entry.latest && older !== undefined) void this.#write();
    else this.#timer ??= this.#clock.after(writeAfterMs, () => void this.#write());
  }

  #write(): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    // What becomes dirty while a write is under way is written by the next.
    this.#writing = (this.#writing ?? Promise.resolve()).then(() => this.#writeOnce());
    return this.#writing;
  }

  async #writeOnce(): Promise<void> {
    const dirty = [...this.#entries.values()].filter(({ isDirty }) => isDirty);
    if (dirty.length === 0) return;
    const puts: StoredState[] = [];
    const deletes: string[] = [];
    const written = dirty.map((entry) => ({ entry, sequence: entry.latest?.sequence }));
    for (const { entry } of written) {
      if (entry.latest) puts.push({ key: keyOf(entry.key), sequence: entry.latest.sequence, text: entry.latest.text });
      else deletes.push(keyOf(entry.key));
      entry.writing = { sequence: entry.latest?.sequence };
    }
    try {
      await this.#disk.write(puts, deletes);
    } catch (error) {
      return this.#failed(written, error);
    }
    if (this.#isFailing) this.#log.info("the outbox is written again", {});
    this.#isFailing = false;
    for (const { entry, sequence } of written) {
      entry.onDisk = sequence;
      entry.writing = undefined;
      if (sequence !== undefined) entry.markSafe(sequence);
      this.#settle(entry);
    }
    this.#pump();
  }

  /** Writes are atomic: the disk holds what it held before. Said once, however long it lasts. */
  #failed(written: readonly Attempt[], error: unknown): void {
    if (!this.#isFailing)
      this.#log.error("the outbox cannot be written; what it holds is kept in memory until it can", { error });
    this.#isFailing = true;
    for (const { entry, sequence } of written) {
      entry.writing = undefined;
      if (sequence !== undefined) entry.markFailed(sequence, error);
    }
    if (!this.#stopped) this.#timer ??= this.#clock.after(retryWriteMs, () => void this.#write());
    this.#pump();
  }
}

function keyOf({ type, name }: UplinkKey): string {
  return `${type}/${name}`;
}
