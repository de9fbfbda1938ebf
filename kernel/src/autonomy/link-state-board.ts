import type { Clock, LinkState, LinkStatus, Logger } from "@skerry/contracts";

/** Holds the state of the link and tells who watches. */
export class LinkStateBoard implements LinkState {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #watchers = new Set<(status: LinkStatus) => void>();
  #status: LinkStatus;

  constructor(clock: Clock, log: Logger) {
    this.#clock = clock;
    this.#log = log;
    this.#status = { state: "offline", since: clock.now(), reason: "not connected yet" };
  }

  current(): LinkStatus {
    return this.#status;
  }

  watch(changed: (status: LinkStatus) => void): Disposable {
    this.#watchers.add(changed);
    return { [Symbol.dispose]: () => void this.#watchers.delete(changed) };
  }

  /** A new reason for the same state keeps its `since`. */
  set(state: LinkStatus["state"], reason: string): void {
    if (this.#status.state === state && this.#status.reason === reason) return;
    const since = this.#status.state === state ? this.#status.since : this.#clock.now();
    this.#status = { state, since, reason };
    for (const watcher of [...this.#watchers]) this.#tell(watcher, this.#status);
  }

  #tell(watcher: (status: LinkStatus) => void, status: LinkStatus): void {
    try {
      watcher(status);
    } catch (error) {
      this.#log.error("a watcher of the link's state failed", { error });
    }
  }
}
