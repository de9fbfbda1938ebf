import type { Clock, Timer } from "@skerry/contracts";
import type { Presentation } from "../api/presentation.ts";
import { expired } from "../api/status-error.ts";
import { groupVersionOf, type JsonObject } from "../kinds.ts";
import type { ApiObject } from "../registry/api-object.ts";
import type { Collection } from "../registry/collection.ts";
import type { ServedKind } from "../registry/served-kind.ts";
import type { Change } from "./change.ts";

export interface WatchOptions {
  readonly kind: ServedKind;
  readonly collection: Collection;
  readonly namespace: string | undefined;
  /** Sees objects in their served form. */
  readonly matches: (object: ApiObject) => boolean;
  readonly presentation: Presentation;
  /** Changes after this version; `undefined` begins with what there is. */
  readonly from: number | undefined;
  /** The newest durable version at any moment. */
  readonly newest: () => number;
  readonly bookmarks: boolean;
  /** Marks the end of what there was with a bookmark. */
  readonly marksInitialEnd: boolean;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Whether the kind still exists in this version. */
  readonly isServed: () => boolean;
}

const bookmarkEveryMs = 60_000;
/** Pieces of about this size keep a long catch-up from blocking the process. */
const pieceLength = 64 * 1024;

/**
 * The events of a watch, as lines of JSON. It reads the history at its own pace and holds nothing
 * else: a client that falls behind what is kept is told so by an event of status 410 and listed anew.
 */
export async function* watchStream(options: WatchOptions): AsyncGenerator<string> {
  const cursor = new Cursor(options);
  try {
    yield* cursor.initial();
    while (!cursor.isOver) {
      // Asked before the changes are read: what was deleted along with its kind is among them.
      const isLast = !options.isServed();
      const changes = cursor.unseen();
      if (changes === undefined) {
        yield eventLine("ERROR", cursor.tooOld());
        return;
      }
      yield* cursor.lines(changes);
      if (isLast) return;
      const bookmark = cursor.dueBookmark();
      if (bookmark !== undefined) yield bookmark;
      await cursor.news();
    }
    if (!options.signal.aborted && options.bookmarks) yield cursor.bookmark();
  } finally {
    cursor[Symbol.dispose]();
  }
}

class Cursor implements Disposable {
  readonly #options: WatchOptions;
  readonly #listening: Disposable;
  readonly #timeout: Timer;
  readonly #wake = () => this.#woken();
  #bookmarkTimer: Timer | undefined;
  #bookmarkDue = false;
  #seen: number;
  #first = true;
  #timedOut = false;
  #hasNews = false;
  #resolve: (() => void) | undefined;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#seen = options.from ?? options.newest();
    this.#listening = options.collection.history.onChange(this.#wake);
    this.#timeout = options.clock.after(options.timeoutMs, () => {
      this.#timedOut = true;
      this.#woken();
    });
    options.signal.addEventListener("abort", this.#wake);
    this.#scheduleBookmark();
  }

  get isOver(): boolean {
    return this.#timedOut || this.#options.signal.aborted;
  }

  *initial(): Generator<string> {
    const { from, collection, namespace, kind, matches, marksInitialEnd } = this.#options;
    if (from !== undefined) return;
    yield* this.#joined(
      collection
        .list(namespace)
        .map(kind.encode)
        .filter(matches)
        .map((object) => this.#line("ADDED", object)),
    );
    if (marksInitialEnd) yield this.bookmark({ "k8s.io/initial-events-end": "true" });
  }

  unseen(): readonly Change[] | undefined {
    this.#hasNews = false;
    return this.#options.collection.history.after(this.#seen);
  }

  *lines(changes: readonly Change[]): Generator<string> {
    yield* this.#joined(changes.flatMap((change) => this.#lineOf(change) ?? []));
    this.#seen = Math.max(this.#seen, changes.at(-1)?.version ?? 0);
  }

  dueBookmark(): string | undefined {
    if (!this.#bookmarkDue) return undefined;
    this.#bookmarkDue = false;
    this.#scheduleBookmark();
    return this.bookmark();
  }

  bookmark(annotations?: JsonObject): string {
    const { kind, presentation, collection, newest } = this.#options;
    // Nothing of this kind happened between what was seen and the newest version.
    if (collection.history.after(this.#seen)?.length === 0) this.#seen = Math.max(this.#seen, newest());
    const metadata = {
      resourceVersion: String(this.#seen),
      creationTimestamp: null,
      ...(annotations === undefined ? {} : { annotations }),
    };
    return eventLine("BOOKMARK", presentation.bookmark({ ...typeOf(kind), metadata }));
  }

  /** Resolves when there may be something to do. */
  news(): Promise<void> {
    if (this.#hasNews || this.isOver || this.#bookmarkDue) return Promise.resolve();
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  tooOld(): JsonObject {
    const { collection } = this.#options;
    return expired(`too old resource version: ${this.#seen} (${collection.history.compacted})`).toStatus();
  }

  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]();
    this.#timeout[Symbol.dispose]();
    this.#bookmarkTimer?.[Symbol.dispose]();
    this.#options.signal.removeEventListener("abort", this.#wake);
  }

  #scheduleBookmark(): void {
    if (!this.#options.bookmarks) return;
    this.#bookmarkTimer = this.#options.clock.after(bookmarkEveryMs, () => {
      this.#bookmarkDue = true;
      this.#woken();
    });
  }

  #woken(): void {
    this.#hasNews = true;
    const resolve = this.#resolve;
    this.#resolve = undefined;
    resolve?.();
  }

  /** An object that comes to match is added for this client, and one that no longer does is gone. */
  #lineOf(change: Change): string | undefined {
    const { namespace, kind, matches } = this.#options;
    if (namespace !== undefined && !change.key.startsWith(`${namespace}/`)) return undefined;
    const object = kind.encode(change.object);
    const isIn = change.type !== "DELETED" && matches(object);
    const wasIn = change.previous !== undefined && matches(kind.encode(change.previous));
    if (isIn) return this.#line(wasIn ? "MODIFIED" : "ADDED", object);
    return wasIn ? this.#line("DELETED", object) : undefined;
  }

  #line(type: string, object: ApiObject): string {
    const line = eventLine(type, this.#options.presentation.event(object, this.#first));
    this.#first = false;
    return line;
  }

  *#joined(lines: readonly string[]): Generator<string> {
    let piece = "";
    for (const line of lines) {
      piece += line;
      if (piece.length < pieceLength) continue;
      yield piece;
      piece = "";
    }
    if (piece !== "") yield piece;
  }
}

function typeOf({ info }: ServedKind): { readonly kind: string; readonly apiVersion: string } {
  return { kind: info.kind, apiVersion: groupVersionOf(info) };
}

function eventLine(type: string, object: JsonObject): string {
  return `${JSON.stringify({ type, object })}\n`;
}
