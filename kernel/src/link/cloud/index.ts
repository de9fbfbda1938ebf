import { NodeSessions, NodeStreams } from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import { CloudLink, CloudLinkToken } from "./cloud-link.ts";
import { SessionsView, StreamsView } from "./cloud-views.ts";
import manifest from "./plugin.json" with { type: "json" };

export const plugin = definePlugin(manifest, (scope) => {
  scope.bind(CloudLinkToken, CloudLink);
  scope.provide(NodeSessions, SessionsView);
  scope.provide(NodeStreams, StreamsView);
});
