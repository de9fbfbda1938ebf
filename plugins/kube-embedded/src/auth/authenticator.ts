import type { Clock } from "@skerry/contracts";
import { StatusError, unauthorized } from "../api/status-error.ts";
import type { Peer } from "./peer.ts";
import { anonymous, authenticated, mastersGroup, type User } from "./user.ts";

export interface Credentials {
  readonly peer: Peer;
  /** The header `Authorization`. */
  readonly authorization: string | undefined;
  /** The header `Impersonate-User`, and with it those that go along. */
  readonly impersonate: Impersonation | undefined;
}

export interface Impersonation {
  readonly user: string;
  readonly groups: readonly string[];
}

/** Bearer tokens, and whose they are. */
export interface KnownTokens {
  userOf(token: string): User | undefined;
}

/** Turns what a client presented into a user. Whoever presents something that does not hold is refused with 401. */
export class Authenticator {
  readonly #tokens: KnownTokens;
  readonly #clock: Clock;

  constructor(tokens: KnownTokens, clock: Clock) {
    this.#tokens = tokens;
    this.#clock = clock;
  }

  authenticate(credentials: Credentials): User {
    const user = this.#own(credentials);
    const { impersonate } = credentials;
    if (impersonate === undefined) return user;
    if (!user.groups.includes(mastersGroup)) {
      const what = `users "${impersonate.user}" is forbidden: User "${user.name}" cannot impersonate resource "users"`;
      throw new StatusError(403, "Forbidden", `${what} in API group "" at the cluster scope`, { kind: "users" });
    }
    return authenticated(impersonate.user, impersonate.groups);
  }

  #own({ peer, authorization }: Credentials): User {
    // A certificate that does not verify is an attempt that failed: a token beside it does not mend it.
    if (peer.type === "rejected") throw unauthorized();
    if (peer.type === "certificate") return this.#certified(peer);
    if (authorization === undefined) return anonymous;
    const [, token] = /^Bearer +([^\s]+)$/i.exec(authorization.trim()) ?? [];
    const user = token === undefined ? undefined : this.#tokens.userOf(token);
    if (user === undefined) throw unauthorized();
    return user;
  }

  #certified({ subject, expiresAt }: Peer & { type: "certificate" }): User {
    // The handshake checked the dates, but a connection may outlive them.
    if (this.#clock.now() > expiresAt) throw unauthorized();
    const [name, ...more] = subject.commonNames;
    if (name === undefined || name === "" || more.length > 0) throw unauthorized();
    return authenticated(name, subject.organizations);
  }
}
