import type { Clock, Random } from "@skerry/contracts";
import type { JsonObject } from "../kinds.ts";
import { objectKey } from "../registry/api-object.ts";
import type { KindRegistry } from "../registry/kind-registry.ts";
import type { ObjectStore } from "../registry/object-store.ts";
import type { ServedKind } from "../registry/served-kind.ts";
import { watchStream } from "../watch/watch-stream.ts";
import { type ApiAnswer, type ApiRequest, jsonAnswer } from "./api-request.ts";
import { listObjects } from "./object-list.ts";
import type { Presentation } from "./presentation.ts";
import { listQuery, watchQuery } from "./query.ts";
import { notFound, versionTooLarge } from "./status-error.ts";

export interface ReadScope {
  readonly kind: ServedKind;
  readonly namespace: string | undefined;
  readonly presentation: Presentation;
  readonly request: ApiRequest;
  readonly contentType: string;
}

/** A watch without a timeout ends after half an hour to an hour, so that clients spread out. */
const shortestWatchMs = 30 * 60_000;
const longestTimeoutSeconds = 24 * 60 * 60;

/** Get, list and watch. */
export class ResourceReader {
  readonly #store: ObjectStore;
  readonly #kinds: KindRegistry;
  readonly #clock: Clock;
  readonly #random: Random;

  constructor(store: ObjectStore, kinds: KindRegistry, clock: Clock, random: Random) {
    this.#store = store;
    this.#kinds = kinds;
    this.#clock = clock;
    this.#random = random;
  }

  get({ kind, namespace, presentation, contentType }: ReadScope, name: string): ApiAnswer {
    const object = this.#store.collection(kind.storage).get(objectKey(namespace, name));
    if (object === undefined) throw notFound(kind.info, name);
    return jsonAnswer(200, presentation.one(kind.encode(object)), contentType);
  }

  list(scope: ReadScope): ApiAnswer {
    const { kind, namespace, presentation, request, contentType } = scope;
    const list = listObjects(this.#store, kind, namespace, listQuery(request.query, kind));
    const metadata: JsonObject = {
      resourceVersion: String(list.version),
      ...(list.continueToken === undefined ? {} : { continue: list.continueToken }),
      ...(list.remaining === undefined ? {} : { remainingItemCount: list.remaining }),
    };
    if (presentation.isTable) return jsonAnswer(200, presentation.table(list.items, metadata), contentType);
    const { head, items } = presentation.list(list.items, metadata);
    return { status: 200, contentType, body: pieces(head, items) };
  }

  watch(scope: ReadScope, name: string | undefined): ApiAnswer {
    const { kind, namespace, presentation, request, contentType } = scope;
    const query = listQuery(request.query, kind, name);
    const { bookmarks, initialEvents, timeoutSeconds } = watchQuery(request.query);
    if (query.version !== undefined && query.version > this.#store.version) {
      throw versionTooLarge(query.version, this.#store.version);
    }
    const { group, version, plural } = kind.info;
    const seconds = timeoutSeconds === undefined ? undefined : Math.min(timeoutSeconds, longestTimeoutSeconds);
    const body = watchStream({
      kind,
      collection: this.#store.collection(kind.storage),
      namespace,
      matches: query.matches,
      presentation,
      from: initialEvents ? undefined : query.version || undefined,
      newest: () => this.#store.version,
      bookmarks,
      marksInitialEnd: initialEvents && bookmarks,
      timeoutMs: seconds === undefined ? shortestWatchMs * (1 + this.#random.next()) : seconds * 1000,
      clock: this.#clock,
      signal: request.signal,
      isServed: () => this.#kinds.find(group, version, plural) !== undefined,
    });
    return { status: 200, contentType, body };
  }
}

/** A list in pieces, so that a long one neither becomes one huge string nor holds up everything else. */
function* pieces(head: JsonObject, items: readonly JsonObject[]): Generator<string> {
  let piece = `${JSON.stringify(head).slice(0, -1)},"items":[`;
  for (const [i, item] of items.entries()) {
    piece += (i === 0 ? "" : ",") + JSON.stringify(item);
    if (piece.length < 64 * 1024) continue;
    yield piece;
    piece = "";
  }
  yield `${piece}]}\n`;
}
