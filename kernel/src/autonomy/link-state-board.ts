import type { Clock, LinkState, LinkStatus } from "@skerry/contracts";

/** Holds the state of the link and tells who watches. */
export class LinkStateBoard implements LinkState {
  readonly #clock: Clock;
  readonly #watchers = new Set<(status: LinkStatus) => void>();
  #status: LinkStatus;

  constructor(clock: Clock) {
    this.#clock = clock;
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
    for (const watcher of [...this.#watchers]) watcher(this.#status);
  }
}
