import type { Logger, NodeSession, NodeSessionChange } from "@skerry/contracts";
import { errorMessage } from "@skerry/plugin";
import { closeCodes } from "../wire/close-codes.ts";
import type { CloudSession } from "./cloud-session.ts";

/** The accepted sessions, one a node: a newer one replaces the older. */
export class SessionTable {
  readonly #log: Logger;
  readonly #sessions = new Map<string, CloudSession>();
  readonly #watchers = new Set<(change: NodeSessionChange) => void>();

  constructor(log: Logger) {
    this.#log = log;
  }

  of(node: string): CloudSession | undefined {
    return this.#sessions.get(node);
  }

  list(): readonly NodeSession[] {
    return [...this.#sessions.values()].flatMap(({ node }) => (node ? [node] : []));
  }

  watch(changed: (change: NodeSessionChange) => void): Disposable {
    this.#watchers.add(changed);
    for (const session of this.list()) this.#tell(changed, { session, connected: true, reason: "" });
    return { [Symbol.dispose]: () => void this.#watchers.delete(changed) };
  }

  add(session: CloudSession): void {
    const { node } = session;
    if (!node) return;
    const older = this.#sessions.get(node.node);
    this.#sessions.set(node.node, session);
    older?.close(closeCodes.replaced, "a newer session of this node took over");
    this.#log.info("node connected", { node: node.node, address: node.address });
    this.#tellAll({ session: node, connected: true, reason: "" });
  }

  /** A session ended. One that was replaced leaves without a word: its node is connected. */
  remove(session: CloudSession, reason: string): void {
    const { node } = session;
    if (!node || this.#sessions.get(node.node) !== session) {
      if (!node) this.#log.warn("a connection was refused", { reason });
      return;
    }
    this.#sessions.delete(node.node);
    this.#log.info("node disconnected", { node: node.node, reason });
    this.#tellAll({ session: node, connected: false, reason });
  }

  #tellAll(change: NodeSessionChange): void {
    for (const watcher of [...this.#watchers]) this.#tell(watcher, change);
  }

  #tell(watcher: (change: NodeSessionChange) => void, change: NodeSessionChange): void {
    try {
      watcher(change);
    } catch (error) {
      this.#log.error("a watcher of sessions failed", { error: errorMessage(error) });
    }
  }
}
