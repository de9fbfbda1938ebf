import type { StatusReport, StatusSection } from "@skerry/contracts";
import { inject } from "@skerry/plugin";
import { type EdgeLink, EdgeLinkToken } from "./edge-link.ts";

/** The link in `skerry status`: connected or since when not, and what waits. */
export class LinkSection implements StatusSection {
  readonly name = "link";

  constructor(@inject(EdgeLinkToken) private readonly link: EdgeLink) {}

  async collect(): Promise<StatusReport> {
    const { state, since, reason } = this.link.board.current();
    const pending = this.link.outbox.pending();
    const { refused } = this.link.outbox;
    const logs = this.link.logs.status().map((log) => ({ ...log }));
    const entries = logs.reduce((sum, log) => sum + log.entries, 0);
    const dropped = logs.reduce((sum, log) => sum + log.dropped, 0);
    const objects = this.link.replica.digests().size;
    const at = new Date(since).toISOString();
    return {
      data: { state, since: at, reason, pending, refused, objects, logs },
      lines: [
        `${state} since ${at}: ${reason}`,
        `${pending} state${pending === 1 ? "" : "s"} waiting for the cloud, ${objects} objects held`,
        ...(logs.length > 0 ? [`${entries} logged entries waiting, ${dropped} dropped`] : []),
      ],
    };
  }
}
