import type { Clock, LinkState, LinkStatus, Logger } from "@skerry/contracts";
import { firstLinkStatus, type LinkEvent, nextLinkStatus } from "./link-transitions.ts";

/** Holds the state of the link and tells who watches. Attempts are counted and not told. */
export class LinkStateBoard implements LinkState {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #watchers = new Set<(status: LinkStatus) => void>();
  #status: LinkStatus;

  constructor(clock: Clock, log: Logger) {
    this.#clock = clock;
    this.#log = log;
    this.#status = firstLinkStatus(clock.now());
  }

  current(): LinkStatus {
    return this.#status;
  }

  watch(changed: (status: LinkStatus) => void): Disposable {
    this.#watchers.add(changed);
    return { [Symbol.dispose]: () => void this.#watchers.delete(changed) };
  }

  /** @returns whether there is something new to say */
  happened(event: LinkEvent): boolean {
    const next = nextLinkStatus(this.#status, event, this.#clock.now());
    if (next === this.#status) return false;
    this.#status = next;
    if (event.type === "attempt") return false;
    for (const watcher of [...this.#watchers]) this.#tell(watcher, next);
    return true;
  }

  #tell(watcher: (status: LinkStatus) => void, status: LinkStatus): void {
    try {
      watcher(status);
    } catch (error) {
      this.#log.error("a watcher of the link's state failed", { error });
    }
  }
}
