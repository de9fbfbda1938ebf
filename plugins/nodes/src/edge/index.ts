import { definePlugin } from "@skerry/plugin";
import { NodeReporter } from "./node-reporter.ts";
import { NodeStory } from "./node-story.ts";
import manifest from "./plugin.json" with { type: "json" };

export { describeHost } from "./describe-host.ts";
export { type Host, readHost } from "./host.ts";
export { NodeReporter } from "./node-reporter.ts";
export { NodeStory } from "./node-story.ts";
export { isReadOnlyMount } from "./read-only-mount.ts";
export { manifest };

export const plugin = definePlugin(manifest, (scope) => {
  scope.run(NodeReporter);
  scope.run(NodeStory);
});
