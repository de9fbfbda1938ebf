import { NodeSessions, statusSectionPoint } from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import { CloudLink } from "./cloud-link.ts";
import manifest from "./plugin.json" with { type: "json" };
import { SessionsSection } from "./sessions-section.ts";

export const plugin = definePlugin(manifest, (scope) => {
  scope.provide(NodeSessions, CloudLink);
  scope.contribute(statusSectionPoint, SessionsSection);
});
