import {
  type Clock,
  type EventLog,
  type EventLogStatus,
  type JsonValue,
  type LoggedEntry,
  type Logger,
  type LogPolicy,
  type Timer,
  uplinkErrors,
} from "@skerry/contracts";
import { checkedText, type StateLimits } from "../state-check.ts";
import { type Append, LogAppends } from "./log-appends.ts";
import { entryBytes, type LogDisk, type LogHead, type StoredEntry } from "./log-disk.ts";
import { LogSender, type SendEntries } from "./log-sender.ts";
import { planAppends } from "./plan-appends.ts";

export interface StoredLogParts {
  readonly type: string;
  readonly policy: LogPolicy;
  readonly disk: LogDisk;
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits: StateLimits;
  /** Bytes that all logs together may still take. */
  readonly left: () => number;
}

const defaultBytes = 16 * 1024 * 1024;
/** Entries looked at in one step. */
const page = 200;
/** What was acknowledged is deleted once in a while: until then a restart would send it again, which does no harm. */
const trimAfterMs = 1_000;
/** What has waited too long is looked for so many times in that time, and no more often than this. */
const looksPerAge = 10;
const lookAfterMs = 1_000;
/** A disk that could not be read is read again after this. */
const readAgainMs = 1_000;

/**
 * One log: its entries are on disk and are read back page by page, so that memory does not grow with the time away.
 * Everything that touches the disk happens one after the other.
 */
export class StoredLog implements EventLog {
  readonly #parts: StoredLogParts;
  readonly #appends: LogAppends;
  readonly #sender: LogSender;
  #work: Promise<void> = Promise.resolve();
  #isLoaded = false;
  #stopped = false;
  #head: LogHead = { next: 1, dropped: 0 };
  /** The first entry that the cloud has not answered. */
  #first = 1;
  /** Entries from there on, and their bytes. */
  #entries = 0;
  #bytes = 0;
  #refused = 0;
  #trimming: Timer | undefined;
  #lookAgainAt = 0;
  #again: Timer | undefined;
  #link: SendEntries | undefined;

  constructor(parts: StoredLogParts) {
    this.#parts = parts;
    this.#appends = new LogAppends(() => this.#do(() => this.#writeAppends()));
    this.#sender = new LogSender(parts.disk, (step) => this.#do(step));
    this.#do(() => Promise.resolve());
  }

  async append(name: string, value: JsonValue): Promise<"kept" | "dropped"> {
    const { type, limits, clock } = this.#parts;
    if (this.#stopped) throw uplinkErrors.create("SKERRY_LINK_STOPPED", {});
    const text = checkedText({ type, name }, value, limits);
    return await this.#appends.add({ at: clock.now(), name, value: JSON.parse(text) as JsonValue });
  }

  status(): EventLogStatus {
    const { dropped } = this.#head;
    return { type: this.#parts.type, entries: this.#entries, bytes: this.#bytes, dropped, refused: this.#refused };
  }

  /** There is a link. */
  attach(send: SendEntries): void {
    this.#link = send;
    this.#do(async () => {
      await this.#forgetOld();
      // The link may be gone again, or another.
      if (this.#link === send) this.#sender.attach(send, this.#first);
    });
  }

  /** There is none: what was on its way counts as not sent. */
  detach(): void {
    this.#link = undefined;
    this.#sender.detach();
  }

  /** The cloud has the entries up to this one durably, or will never take them. `false`: nothing such is on its way. */
  answered(upTo: number, wasTaken: boolean): boolean {
    const answered = this.#sender.answered(upTo);
    if (!answered) return false;
    // Some may have been forgotten on their way, to make room.
    const counted = answered.filter(({ sequence }) => sequence >= this.#first);
    this.#first = Math.max(this.#first, upTo + 1);
    this.#entries -= counted.length;
    for (const { bytes } of counted) this.#bytes -= bytes;
    if (!wasTaken) this.#refused += counted.length;
    this.#trimming ??= this.#parts.clock.after(trimAfterMs, () => this.#do(() => this.#trim()));
    return true;
  }

  /** Resolves when nothing is being written any more; later appends are refused. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.detach();
    this.#trimming?.[Symbol.dispose]();
    this.#again?.[Symbol.dispose]();
    this.#do(() => this.#trim());
    await this.#work;
  }

  #do(step: () => Promise<void>): void {
    const { type, log, clock } = this.#parts;
    this.#work = this.#work
      .then(() => this.#load())
      .then(step)
      .catch((error: unknown) => {
        log.error("a log could not be worked on; what waits on disk stays there", { type, error });
        // A log that cannot be read gives no sequences.
        for (const append of this.#appends.take()) this.#notKept(append, error);
        if (!this.#stopped) this.#again ??= clock.after(readAgainMs, () => this.#sendAgain());
      });
  }

  #sendAgain(): void {
    this.#again = undefined;
    const link = this.#link;
    if (!link) return;
    // What is on its way already must not go twice in one session.
    if (this.#sender.isAttachedTo(link)) this.#sender.goOn();
    else this.attach(link);
  }

  /** Finds what an earlier run left. Nothing is done before that: a sequence must not be given twice. */
  async #load(): Promise<void> {
    if (this.#isLoaded) return;
    const { disk } = this.#parts;
    const { next, dropped, entries, bytes } = await disk.open();
    const [oldest] = await disk.read(0, 1);
    this.#head = { next, dropped };
    [this.#first, this.#entries, this.#bytes] = [oldest?.sequence ?? next, entries, bytes];
    this.#isLoaded = true;
  }

  async #writeAppends(): Promise<void> {
    const { policy, disk } = this.#parts;
    const appends = this.#appends.take();
    try {
      await this.#forgetOld();
      if (policy.whenFull === "oldest") await this.#forgetFor(appends, this.#budget());
    } catch (error) {
      return this.#notWritten(appends, error);
    }
    const plan = planAppends(appends, this.#head, this.#budget() - this.#bytes, policy.whenFull);
    const entries = plan.kept.map(({ entry }) => entry);
    try {
      if (plan.head.next !== this.#head.next) await disk.write(plan.head, entries, []);
    } catch (error) {
      return this.#notWritten(appends, error);
    }
    this.#head = plan.head;
    this.#entries += entries.length;
    this.#bytes += plan.bytes;
    for (const append of plan.full) this.#notKept(append, undefined);
    for (const { append } of plan.kept) append.settle("kept");
    this.#sender.written(entries);
  }

  /** Writes are atomic: the disk holds what it held before. What is left out here shows as a gap once there is room. */
  #notWritten(appends: readonly Append[], error: unknown): void {
    const { type, log, policy } = this.#parts;
    log.error("a log could not be written", { type, entries: appends.length, error });
    const { next, dropped } = this.#head;
    const gone = policy.whenFull === "refuse" ? 0 : appends.length;
    this.#head = { next: next + gone, dropped: dropped + gone };
    for (const append of appends) this.#notKept(append, error);
  }

  #notKept(append: Append, cause: unknown): void {
    const { type, policy } = this.#parts;
    if (policy.whenFull !== "refuse") return append.settle("dropped");
    append.fail(
      uplinkErrors.create("SKERRY_LINK_LOG_FULL", { type, bytes: this.#bytes, limit: this.#budget() }, cause),
    );
  }

  /** What this log may take: its own budget, and no more than all logs together may. */
  #budget(): number {
    const { policy, left } = this.#parts;
    return Math.min(policy.maximumBytes ?? defaultBytes, this.#bytes + Math.max(0, left()));
  }

  /** Forgets the oldest entries until there is room for these. */
  async #forgetFor(appends: readonly Append[], budget: number): Promise<void> {
    const sizes = appends.reduce((sum, { entry }) => sum + entryBytes(entry), 0);
    const needed = Math.min(budget, sizes);
    await this.#forgetWhile((_, bytes) => this.#bytes - bytes + needed > budget);
  }

  /** Forgets what has waited too long; looks for it once in a while. */
  async #forgetOld(): Promise<void> {
    const { policy, clock } = this.#parts;
    const { maximumAgeMs } = policy;
    if (maximumAgeMs === undefined || policy.whenFull === "refuse" || clock.monotonic() < this.#lookAgainAt) return;
    this.#lookAgainAt = clock.monotonic() + Math.max(lookAfterMs, maximumAgeMs / looksPerAge);
    const oldest = clock.now() - maximumAgeMs;
    await this.#forgetWhile(({ at }) => at < oldest);
  }

  /** @param goes whether the oldest entry goes, when so many bytes of older ones do */
  async #forgetWhile(goes: (entry: LoggedEntry, bytes: number) => boolean): Promise<void> {
    const { disk } = this.#parts;
    for (let isAll = true; isAll && this.#entries > 0; ) {
      const gone: StoredEntry[] = [];
      let total = 0;
      for (const entry of await disk.read(this.#first, page)) {
        isAll = goes(entry, total);
        if (!isAll) break;
        const bytes = entryBytes(entry);
        total += bytes;
        gone.push({ sequence: entry.sequence, bytes });
      }
      const last = gone.at(-1)?.sequence;
      if (last === undefined) return;
      const { next, dropped } = this.#head;
      await disk.write({ next, dropped: dropped + gone.length }, [], gone);
      // Some may have been answered meanwhile.
      const counted = gone.filter(({ sequence }) => sequence >= this.#first);
      this.#head = { next, dropped: dropped + counted.length };
      this.#first = Math.max(this.#first, last + 1);
      this.#entries -= counted.length;
      for (const { bytes } of counted) this.#bytes -= bytes;
      this.#sender.forgot(this.#first);
    }
  }

  /** Deletes what the cloud has answered. */
  async #trim(): Promise<void> {
    const { disk } = this.#parts;
    this.#trimming = undefined;
    for (;;) {
      const read = await disk.read(0, page);
      const answered = read.filter(({ sequence }) => sequence < this.#first);
      const gone = answered.map((entry) => ({ sequence: entry.sequence, bytes: entryBytes(entry) }));
      if (gone.length > 0) await disk.write(this.#head, [], gone);
      if (gone.length < page) return;
    }
  }
}
