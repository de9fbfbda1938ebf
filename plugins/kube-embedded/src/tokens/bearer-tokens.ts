import type { TokenFile } from "../auth/token-file.ts";
import type { User } from "../auth/user.ts";
import { issuer } from "./token-claims.ts";
import type { TokenVerifier, VerifiedToken } from "./token-verifier.ts";

/** Every token that this server knows: those of its file, and those that it issued. */
export class BearerTokens {
  constructor(
    private readonly file: TokenFile,
    private readonly issued: TokenVerifier,
  ) {}

  /** Who may use this API with a token. */
  userOf(token: string): User | undefined {
    return this.verify(token)?.user;
  }

  /** Tokens of the file are for this API alone. */
  verify(token: string, audiences: readonly string[] = [issuer]): VerifiedToken | undefined {
    const user = this.file.userOf(token);
    if (user === undefined) return this.issued.verify(token, audiences);
    return audiences.includes(issuer) ? { user, audiences: [issuer] } : undefined;
  }
}
