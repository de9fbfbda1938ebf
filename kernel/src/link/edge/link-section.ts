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
    const objects = this.link.replica.digests().size;
    const at = new Date(since).toISOString();
    return {
      data: { state, since: at, reason, pending, refused, objects },
      lines: [
        `${state} since ${at}: ${reason}`,
        `${pending} state${pending === 1 ? "" : "s"} waiting for the cloud, ${objects} objects held`,
      ],
    };
  }
}
