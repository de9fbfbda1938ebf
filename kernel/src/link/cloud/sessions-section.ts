import { NodeSessions, type StatusReport, type StatusSection } from "@skerry/contracts";
import { inject } from "@skerry/plugin";

/** The connected nodes in `skerry status`. */
export class SessionsSection implements StatusSection {
  readonly name = "sessions";

  constructor(@inject(NodeSessions) private readonly sessions: NodeSessions) {}

  async collect(): Promise<StatusReport> {
    const rows = this.sessions
      .list()
      .map(({ node, address, since }) => ({ node, address, since: new Date(since).toISOString() }));
    return {
      data: rows,
      lines:
        rows.length === 0
          ? ["no node is connected"]
          : rows.map(({ node, address, since }) => `${node} connected from ${address} since ${since}`),
    };
  }
}
