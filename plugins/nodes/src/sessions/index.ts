import { statusSectionPoint } from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import { NodePresence, NodePresenceToken } from "./node-presence.ts";
import { NodesSection } from "./nodes-section.ts";
import manifest from "./plugin.json" with { type: "json" };

export { NodePresence } from "./node-presence.ts";
export { manifest };

export const plugin = definePlugin(manifest, (scope) => {
  scope.bind(NodePresenceToken, NodePresence);
  scope.run(NodePresence);
  scope.contribute(statusSectionPoint, NodesSection);
});
