import type { Clock, KubeObject, ListOptions, Logger, Random, Resource, WatchHandlers } from "@skerry/contracts";
import { errorCode, errorMessage } from "@skerry/plugin";
import { failureOf, noAnswer } from "../http/failure.ts";
import { type KubeHttp, StatusAnswer } from "../http/kube-http.ts";
import { collectionPath, objectPath } from "../http/resource-path.ts";
import { backOff } from "./back-off.ts";
import { KnownObjects } from "./known-objects.ts";
import { listAll, listMetadata, newestVersion } from "./list-pages.ts";
import { VersionMark } from "./version-mark.ts";

export interface WatchParts {
  readonly http: KubeHttp;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Servers send a bookmark every minute: a watch that is silent for longer has lost its connection. */
const silentMs = 90_000;
/** A watch that lasted this long was a good one, although nothing happened. */
const goodMs = 5_000;
/** What was written a moment ago is on its way. */
const onItsWayMs = 25;
/** Objects that are fetched one by one; with more, a list is cheaper. */
const mostFetched = 50;

/** One watch without end: it lists, follows, takes up again where it was, and lists anew where it cannot. */
export class ResourceWatch implements Disposable {
  readonly #parts: WatchParts;
  readonly #resource: Resource;
  readonly #options: ListOptions;
  readonly #known: KnownObjects;
  readonly #handlers: WatchHandlers;
  readonly #disposal = new AbortController();
  readonly #mark: VersionMark;
  #hasSynced = false;
  #failures = 0;
  #hasWarned = false;

  constructor(parts: WatchParts, resource: Resource, handlers: WatchHandlers, options: ListOptions) {
    this.#parts = parts;
    this.#resource = resource;
    this.#options = options;
    this.#handlers = handlers;
    this.#mark = new VersionMark(parts.clock);
    this.#known = new KnownObjects(
      (object) => this.#tell(() => handlers.upsert(object)),
      (object) => this.#tell(() => handlers.remove(object)),
    );
  }

  [Symbol.dispose](): void {
    this.#disposal.abort();
  }

  /** Resolves after it was disposed. */
  async run(): Promise<void> {
    const { clock, random } = this.#parts;
    const { signal } = this.#disposal;
    while (!signal.aborted) {
      const begun = clock.monotonic();
      const attempt = await this.#attempt();
      if (signal.aborted) return;
      const isGood = attempt.progress || clock.monotonic() - begun >= goodMs;
      this.#failures = isGood && attempt.problem === undefined ? 0 : this.#failures + 1;
      if (attempt.problem !== undefined) this.#warn(attempt.problem);
      const delay = backOff(this.#failures, random);
      if (delay > 0) await clock.sleep(delay, signal).catch(() => undefined);
    }
  }

  /**
   * Resolves when all that was written before the call has been told of; rejects when that cannot be learnt now. Asks what the
   * version of the collection is. A watch that has not come so far in a moment may have missed it, or is quiet: to servers that
   * number the writes of all kinds together a quiet watch is always behind, but for a bookmark a minute. Then the metadata of
   * the collection tell what is new, and that alone is fetched.
   */
  async catchUp(): Promise<void> {
    const { signal } = this.#disposal;
    try {
      await this.#catchUp(signal);
    } catch (problem) {
      if (!signal.aborted) throw problem;
    }
  }

  async #catchUp(signal: AbortSignal): Promise<void> {
    const { http } = this.#parts;
    if (this.#mark.version === undefined) return await this.#list();
    if (await this.#mark.reaches(await newestVersion(http, this.#resource, signal), onItsWayMs)) return;
    const { objects, version } = await listMetadata(http, this.#resource, this.#options, signal);
    const unknown = this.#known.unknown(objects);
    // What is fetched need not be selected any more.
    if (unknown.length > mostFetched || this.#options.labelSelector !== undefined) return await this.#list();
    const fetched = await Promise.all(unknown.map((object) => this.#fetch(object, signal)));
    if (signal.aborted || this.#mark.isAtLeast(version)) return;
    const found = fetched.filter((object) => object !== undefined);
    // One that is gone by now is not known as it last was; a list leaves it out.
    if (found.length < unknown.length) return await this.#list();
    this.#known.keep(objects, version);
    for (const object of found) this.#known.put(object);
    this.#mark.set(version);
  }

  #fetch({ metadata }: Pick<KubeObject, "metadata">, signal: AbortSignal): Promise<KubeObject | undefined> {
    const subject = `get ${this.#resource.plural} ${metadata.name}`;
    return this.#parts.http.find({ path: objectPath(this.#resource, metadata), subject, signal });
  }

  async #attempt(): Promise<{ readonly progress: boolean; readonly problem?: unknown }> {
    let progress = false;
    try {
      if (this.#mark.version === undefined) {
        await this.#list();
        progress = true;
      }
      for await (const line of this.#follow(this.#mark.version ?? "")) {
        this.#take(line);
        progress = true;
      }
      return { progress };
    } catch (problem) {
      // Anything but a lost connection may mean that events were missed: then a fresh list tells.
      if (errorCode(problem) !== "SKERRY_KUBE_UNAVAILABLE") this.#mark.set(undefined);
      return problem instanceof VersionExpired ? { progress } : { progress, problem };
    }
  }

  async #list(): Promise<void> {
    const { objects, version } = await listAll(this.#parts.http, this.#resource, this.#options, this.#disposal.signal);
    if (this.#disposal.signal.aborted) return;
    this.#recovered();
    // Another list may have been quicker, and the stream gone on from there.
    if (!this.#mark.isAtLeast(version)) {
      this.#known.replace(objects, version);
      this.#mark.set(version);
    }
    if (this.#hasSynced) return;
    this.#hasSynced = true;
    this.#tell(() => this.#handlers.synced());
  }

  /** The events after a version, until the server ends them, the connection does, or nothing comes for long. */
  async *#follow(version: string): AsyncGenerator<string> {
    const { http, clock, random } = this.#parts;
    const subject = `watch ${this.#resource.plural}`;
    const controller = new AbortController();
    const abort = () => controller.abort();
    const listen = () => clock.after(silentMs, () => controller.abort(new Error(`silent for ${silentMs / 1000} s`)));
    let silence = listen();
    this.#disposal.signal.addEventListener("abort", abort, { once: true });
    const query = {
      watch: "true",
      allowWatchBookmarks: "true",
      resourceVersion: version,
      labelSelector: this.#options.labelSelector,
      timeoutSeconds: String(Math.round(300 * (1 + random.next()))),
    };
    try {
      const path = collectionPath(this.#resource, this.#options.namespace);
      for await (const line of http.lines({ path, query, subject }, controller.signal)) {
        silence[Symbol.dispose]();
        silence = listen();
        this.#recovered();
        yield line;
      }
    } catch (problem) {
      if (problem instanceof VersionExpired) throw problem;
      if (!(problem instanceof StatusAnswer)) throw noAnswer(subject, controller.signal.reason ?? problem);
      if (problem.status === 410) throw new VersionExpired();
      throw failureOf(problem.status, problem.text, subject);
    } finally {
      silence[Symbol.dispose]();
      this.#disposal.signal.removeEventListener("abort", abort);
      controller.abort();
    }
  }

  #take(line: string): void {
    const { type, object } = JSON.parse(line) as { readonly type: string; readonly object: KubeObject };
    if (type === "ERROR") {
      const code = Number(object["code"] ?? 500);
      if (code === 410) throw new VersionExpired();
      throw failureOf(code, JSON.stringify(object), `watch ${this.#resource.plural}`);
    }
    const version = object.metadata.resourceVersion;
    if (this.#mark.isAtLeast(version)) return;
    if (type === "DELETED") this.#known.remove(object);
    else if (type !== "BOOKMARK") this.#known.put(object);
    this.#mark.set(version ?? this.#mark.version);
  }

  #tell(call: () => void): void {
    if (this.#disposal.signal.aborted) return;
    try {
      call();
    } catch (error) {
      this.#parts.logger.error(`a handler of the watch of ${this.#resource.plural} failed`, { error });
    }
  }

  #warn(error: unknown): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    this.#parts.logger.warn(`the watch of ${this.#resource.plural} failed and is tried again: ${errorMessage(error)}`, {
      error,
    });
  }

  #recovered(): void {
    if (!this.#hasWarned) return;
    this.#hasWarned = false;
    this.#parts.logger.info(`the watch of ${this.#resource.plural} works again`);
  }
}

/** The server no longer knows what came after the version we know. */
class VersionExpired extends Error {}
