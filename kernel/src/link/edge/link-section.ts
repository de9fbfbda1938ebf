import type { StatusReport, StatusSection } from "@skerry/contracts";
import { inject } from "@skerry/plugin";
import { type EdgeLink, EdgeLinkToken } from "./edge-link.ts";

/** The link in `skerry status`: connected or since when not, why, what to do about it, and what waits. */
export class LinkSection implements StatusSection {
  readonly name = "link";

  constructor(@inject(EdgeLinkToken) private readonly link: EdgeLink) {}

  async collect(): Promise<StatusReport> {
    const { state, since, reason, code, advice, lastOnline, attempts = 0 } = this.link.board.current();
    const pending = this.link.outbox.pending();
    const { refused, pendingBytes } = this.link.outbox;
    const logs = this.link.logs.status().map((log) => ({ ...log }));
    const entries = logs.reduce((sum, log) => sum + log.entries, 0);
    const dropped = logs.reduce((sum, log) => sum + log.dropped, 0);
    const objects = this.link.replica.digests().size;
    const at = timeText(since);
    const before = lastOnline === undefined ? {} : { lastOnline: timeText(lastOnline) };
    const next = advice === undefined ? {} : { advice };
    const isOffline = state === "offline";
    const tried = isOffline ? { attempts } : {};
    const seen = before.lastOnline === undefined ? "not in step since its start" : `in step until ${before.lastOnline}`;
    return {
      data: {
        ...{ state, since: at, ...(code === undefined ? {} : { code }), reason, ...next, ...before, ...tried },
        ...{ pending, pendingBytes, refused, objects, logs },
      },
      lines: [
        `${state} since ${at}: ${reason}`,
        ...(isOffline ? [`${attempts} attempt${attempts === 1 ? "" : "s"} since, ${seen}`] : []),
        ...(advice === undefined ? [] : [advice]),
        `${pending} state${pending === 1 ? "" : "s"} waiting for the cloud, ${objects} objects held`,
        ...(logs.length > 0 ? [`${entries} logged entries waiting, ${dropped} dropped`] : []),
      ],
    };
  }
}

/** A node's clock may say anything. */
function timeText(ms: number): string {
  return new Date(Math.max(0, Math.min(ms, Date.UTC(9999, 11, 31)))).toISOString();
}
