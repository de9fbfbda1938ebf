import type { JsonObject } from "../kinds.ts";
import type { SigningKey } from "../tokens/signing-key.ts";
import { issuer } from "../tokens/token-claims.ts";

/** How others check tokens of this server: OpenID Connect Discovery 1.0 and the keys, by path. */
export function issuerDocument(path: string, address: string, { jwk }: SigningKey): JsonObject | undefined {
  if (path === "openid/v1/jwks") return { keys: [jwk] };
  if (path !== ".well-known/openid-configuration") return undefined;
  return {
    issuer,
    jwks_uri: `https://${address}/openid/v1/jwks`,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["ES256"],
  };
}
