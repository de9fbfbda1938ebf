import { commandPoint, LinkState, Replica, statusSectionPoint, Uplink, UplinkLog } from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import { EdgeLink, EdgeLinkToken } from "./edge-link.ts";
import { LinkSection } from "./link-section.ts";
import { LinkLogs, LinkReplica, LinkStateView, LinkUplink } from "./link-views.ts";
import manifest from "./plugin.json" with { type: "json" };
import { ReplicaCommand } from "./replica-command.ts";

export const plugin = definePlugin(manifest, (scope) => {
  scope.bind(EdgeLinkToken, EdgeLink);
  scope.provide(Replica, LinkReplica);
  scope.provide(Uplink, LinkUplink);
  scope.provide(UplinkLog, LinkLogs);
  scope.provide(LinkState, LinkStateView);
  scope.contribute(statusSectionPoint, LinkSection);
  scope.contribute(commandPoint, ReplicaCommand);
});
