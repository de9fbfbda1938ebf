import type { NodeSession, NodeSessionChange, NodeSessions } from "@skerry/contracts";

/** Sessions that a test opens and ends. */
export class FakeNodeSessions implements NodeSessions {
  readonly #sessions = new Map<string, NodeSession>();
  readonly #watchers = new Set<(change: NodeSessionChange) => void>();

  list(): readonly NodeSession[] {
    return [...this.#sessions.values()];
  }

  watch(changed: (change: NodeSessionChange) => void): Disposable {
    this.#watchers.add(changed);
    for (const session of this.list()) changed({ session, connected: true, reason: "" });
    return { [Symbol.dispose]: () => void this.#watchers.delete(changed) };
  }

  connect(node: string, since = 0): void {
    const session: NodeSession = { node, address: "127.0.0.1:40000", since };
    this.#sessions.set(node, session);
    this.#tell({ session, connected: true, reason: "" });
  }

  disconnect(node: string, reason = "the connection was lost (1006)"): void {
    const session = this.#sessions.get(node);
    if (!session) return;
    this.#sessions.delete(node);
    this.#tell({ session, connected: false, reason });
  }

  #tell(change: NodeSessionChange): void {
    for (const watcher of [...this.#watchers]) watcher(change);
  }
}
