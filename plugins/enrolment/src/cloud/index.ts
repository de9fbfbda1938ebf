import { commandPoint, httpRoutePoint, peerGuardPoint } from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import { Authority, AuthorityToken } from "./authority.ts";
import { NodeCommand } from "./commands/node-command.ts";
import { TokenCommand } from "./commands/token-command.ts";
import { IdentityGuard } from "./identities/identity-guard.ts";
import { NodeIdentities, NodeIdentitiesToken } from "./identities/node-identities.ts";
import { JoinRoute } from "./join-route.ts";
import manifest from "./plugin.json" with { type: "json" };
import { RenewRoute } from "./renew-route.ts";
import { JoinTokens, JoinTokensToken } from "./tokens/join-tokens.ts";

export const plugin = definePlugin(manifest, (scope) => {
  scope.bind(AuthorityToken, Authority);
  scope.bind(JoinTokensToken, JoinTokens);
  scope.bind(NodeIdentitiesToken, NodeIdentities);
  scope.run(NodeIdentities);
  scope.contribute(httpRoutePoint, JoinRoute);
  scope.contribute(httpRoutePoint, RenewRoute);
  scope.contribute(peerGuardPoint, IdentityGuard);
  scope.contribute(commandPoint, TokenCommand);
  scope.contribute(commandPoint, NodeCommand);
});
