import type { LinkState, LinkStatus } from "@skerry/contracts";

/** A link state that a test sets. */
export class FakeLinkState implements LinkState {
  #status: LinkStatus = { state: "offline", since: 0, reason: "not connected yet" };
  readonly #watchers = new Set<(status: LinkStatus) => void>();

  current(): LinkStatus {
    return this.#status;
  }

  watch(changed: (status: LinkStatus) => void): Disposable {
    this.#watchers.add(changed);
    return { [Symbol.dispose]: () => void this.#watchers.delete(changed) };
  }

  set(status: LinkStatus): void {
    this.#status = status;
    for (const watcher of [...this.#watchers]) watcher(status);
  }
}
