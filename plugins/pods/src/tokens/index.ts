import { definePlugin } from "@skerry/plugin";
import manifest from "./plugin.json" with { type: "json" };
import { TokenService } from "./token-service.ts";

export { TokenService } from "./token-service.ts";
export { manifest };

export const plugin = definePlugin(manifest, (scope) => {
  scope.run(TokenService);
});
