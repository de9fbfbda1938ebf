import type { NodeSessions, NodeStreams } from "@skerry/contracts";
import { inject } from "@skerry/plugin";
import { type CloudLink, CloudLinkToken } from "./cloud-link.ts";

/** The contracts of the cloud's end, answered by one object. */
export class SessionsView implements NodeSessions {
  readonly list: NodeSessions["list"];
  readonly watch: NodeSessions["watch"];

  constructor(@inject(CloudLinkToken) link: CloudLink) {
    this.list = link.list.bind(link);
    this.watch = link.watch.bind(link);
  }
}

export class StreamsView implements NodeStreams {
  readonly open: NodeStreams["open"];

  constructor(@inject(CloudLinkToken) link: CloudLink) {
    this.open = link.open.bind(link);
  }
}
