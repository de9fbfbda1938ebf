import type { StatusReport, StatusSection } from "@skerry/contracts";
import { inject } from "@skerry/plugin";
import { type NodePresence, NodePresenceToken } from "./node-presence.ts";

/** The edge nodes in `skerry status`. */
export class NodesSection implements StatusSection {
  readonly name = "nodes";

  constructor(@inject(NodePresenceToken) private readonly presence: NodePresence) {}

  async collect(): Promise<StatusReport> {
    const rows = this.presence.all().map(({ node, presence }) =>
      presence.connected
        ? {
            node,
            connected: true,
            address: presence.session.address,
            since: new Date(presence.session.since).toISOString(),
          }
        : { node, connected: false, reason: presence.reason },
    );
    const width = Math.max(0, ...rows.map(({ node }) => node.length));
    return {
      data: rows,
      lines: rows.map((row) => {
        const text = "address" in row ? `connected from ${row.address} since ${row.since}` : `away: ${row.reason}`;
        return `${row.node.padEnd(width)}  ${text}`;
      }),
    };
  }
}
