import type { LinkState, Replica, Uplink, UplinkLog } from "@skerry/contracts";
import { inject } from "@skerry/plugin";
import { type EdgeLink, EdgeLinkToken } from "./edge-link.ts";

/** The contracts of the link, answered by parts of one object. */
export class LinkReplica implements Replica {
  readonly get: Replica["get"];
  readonly list: Replica["list"];
  readonly watch: Replica["watch"];

  constructor(@inject(EdgeLinkToken) { replica }: EdgeLink) {
    this.get = replica.get.bind(replica);
    this.list = replica.list.bind(replica);
    this.watch = replica.watch.bind(replica);
  }
}

export class LinkUplink implements Uplink {
  readonly put: Uplink["put"];
  readonly forget: Uplink["forget"];
  readonly pending: Uplink["pending"];

  constructor(@inject(EdgeLinkToken) { outbox }: EdgeLink) {
    this.put = outbox.put.bind(outbox);
    this.forget = outbox.forget.bind(outbox);
    this.pending = outbox.pending.bind(outbox);
  }
}

export class LinkLogs implements UplinkLog {
  readonly open: UplinkLog["open"];

  constructor(@inject(EdgeLinkToken) { logs }: EdgeLink) {
    this.open = logs.open.bind(logs);
  }
}

export class LinkStateView implements LinkState {
  readonly current: LinkState["current"];
  readonly watch: LinkState["watch"];

  constructor(@inject(EdgeLinkToken) { board }: EdgeLink) {
    this.current = board.current.bind(board);
    this.watch = board.watch.bind(board);
  }
}
