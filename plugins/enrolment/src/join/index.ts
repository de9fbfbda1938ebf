import { Enrolment } from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import { Joiner } from "./joiner.ts";
import manifest from "./plugin.json" with { type: "json" };

export const plugin = definePlugin(manifest, (scope) => {
  scope.provide(Enrolment, Joiner);
});
