import type { Clock, JsonValue, Logger, Storage, Timer, Uplink, UplinkKey } from "@skerry/contracts";
import { errors } from "./errors.ts";
import { type FlightLimits, FlightWindow } from "./flight-window.ts";
import { OutboxDisk, type StoredState } from "./outbox-disk.ts";
import { OutboxEntry } from "./outbox-entry.ts";
import { checkedText, type StateLimits } from "./state-check.ts";

/** Where the outbox sends while there is a link. */
export interface OutboxLane {
  /** The state of a key; an acknowledgement or a refusal of its sequence number follows, or the lane is taken away. */
  send(sequence: number, key: UplinkKey, value: JsonValue): void;
}

export interface OutboxLimits extends StateLimits, FlightLimits {}

/** A state that no link takes within this time is written down; one that is acknowledged sooner never touches the disk. */
const writeAfterMs = 200;
const retryWriteMs = 1_000;

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
  #sequence = 0;
  #lane: OutboxLane | undefined;
  #refused = 0;
  #timer: Timer | undefined;
  #writing: Promise<void> | undefined;
  #stopped = false;

  constructor(clock: Clock, log: Logger, limits: OutboxLimits) {
    this.#clock = clock;
    this.#log = log;
    this.#limits = limits;
    this.#window = new FlightWindow(limits);
  }

  /** Loads what an earlier run left unacknowledged. */
  async open(storage: Storage): Promise<void> {
    const { states, damaged } = await this.#disk.open(storage);
    for (const key of damaged) this.#log.error("a state in the outbox cannot be read and is left out", { key });
    for (const { key, sequence, text } of states) {
      const slash = key.indexOf("/");
      const entry = new OutboxEntry({ type: key.slice(0, slash), name: key.slice(slash + 1) });
      entry.latest = { sequence, text, bytes: Buffer.byteLength(text) };
      entry.onDisk = sequence;
      this.#entries.set(key, entry);
      this.#wait(entry);
      this.#sequence = Math.max(this.#sequence, sequence);
    }
  }

  async put(key: UplinkKey, value: JsonValue): Promise<void> {
    if (this.#stopped) throw errors.create("SKERRY_LINK_STOPPED", {});
    const text = checkedText(key, value, this.#limits);
    const entry = this.#entry(key);
    this.#sequence += 1;
    entry.latest = { sequence: this.#sequence, text, bytes: Buffer.byteLength(text) };
    const safe = entry.safe(this.#sequence);
    this.#offer(entry);
    if (entry.isDirty) this.#writeSoon(entry);
    await safe;
  }

  async forget(key: UplinkKey): Promise<void> {
    const entry = this.#entries.get(keyOf(key));
    if (!entry) return;
    const { latest } = entry;
    entry.latest = undefined;
    if (latest) entry.markSafe(latest.sequence);
    this.#settle(entry);
    if (entry.isDirty) await this.#write();
  }

  pending(): number {
    let waiting = 0;
    for (const { latest } of this.#entries.values()) if (latest) waiting += 1;
    return waiting;
  }

  /** States the cloud refused for good since the start. */
  get refused(): number {
    return this.#refused;
  }

  /** There is a link: sends what waits. */
  attach(lane: OutboxLane): void {
    this.#lane = lane;
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
  }

  #answered(key: UplinkKey, sequence: number): void {
    const entry = this.#entries.get(keyOf(key));
    if (entry?.inFlight?.sequence !== sequence) return;
    this.#window.remove(key.type, entry.inFlight.bytes);
    entry.inFlight = undefined;
    if (entry.latest?.sequence === sequence) entry.latest = undefined;
    entry.markSafe(sequence);
    if (entry.isDirty) this.#writeSoon(entry);
    this.#settle(entry);
    this.#pump();
  }

  #entry(key: UplinkKey): OutboxEntry {
    const existing = this.#entries.get(keyOf(key));
    if (existing) return existing;
    const made = new OutboxEntry(key);
    this.#entries.set(keyOf(key), made);
    return made;
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
    if (!this.#lane || !entry.isReady || !this.#window.hasRoom(key.type, latest.bytes)) return this.#wait(entry);
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
    for (const { entry, sequence } of written) {
      entry.onDisk = sequence;
      entry.writing = undefined;
      if (sequence !== undefined) entry.markSafe(sequence);
      this.#settle(entry);
    }
    this.#pump();
  }

  /** Writes are atomic: the disk holds what it held before. */
  #failed(written: readonly Attempt[], error: unknown): void {
    this.#log.error("the outbox could not be written; what it holds is kept in memory", { error });
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
