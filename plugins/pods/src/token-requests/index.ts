import { PodTokens, streamHandlerPoint } from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import manifest from "./plugin.json" with { type: "json" };
import { TokenChannel, TokenChannelToken } from "./token-channel.ts";
import { TokenRequests, TokenStreamHandler } from "./token-views.ts";

export { TokenChannel } from "./token-channel.ts";
export { manifest };

export const plugin = definePlugin(manifest, (scope) => {
  scope.bind(TokenChannelToken, TokenChannel);
  scope.run(TokenChannel);
  scope.provide(PodTokens, TokenRequests);
  scope.contribute(streamHandlerPoint, TokenStreamHandler);
});
