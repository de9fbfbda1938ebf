import { NodeSessions } from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import { CloudLink } from "./cloud-link.ts";
import manifest from "./plugin.json" with { type: "json" };

export const plugin = definePlugin(manifest, (scope) => {
  scope.provide(NodeSessions, CloudLink);
});
