import type { Peer, PeerGuard } from "@skerry/contracts";
import { errorMessage, inject } from "@skerry/plugin";
import { nodeIdentity } from "../../shared/node-certificate.ts";
import type { Identity } from "./identity.ts";
import { admit, type NodeIdentities, NodeIdentitiesToken } from "./node-identities.ts";

/** Keeps out certificates that were revoked, or are of a machine that another one replaced. */
export class IdentityGuard implements PeerGuard {
  constructor(@inject(NodeIdentitiesToken) private readonly identities: NodeIdentities) {}

  async refusal({ identity, serial }: Peer): Promise<string | undefined> {
    // Whoever is no node is refused by the link itself; a transport without certificates has none to revoke.
    if (!identity.startsWith(nodeIdentity) || serial === undefined) return undefined;
    const node = identity.slice(nodeIdentity.length);
    const seen = await this.identities.seen(node);
    if (seen === undefined || problem(seen, serial) === undefined) return undefined;
    // Another kernel may have renewed the certificate a moment ago.
    const fresh = await this.identities.fresh(node);
    return fresh && problem(fresh, serial);
  }

  watch(changed: (identity: string) => void): Disposable {
    return this.identities.watch((node) => changed(`${nodeIdentity}${node}`));
  }
}

function problem(identity: Identity, serial: string): string | undefined {
  try {
    admit(identity, serial);
    return undefined;
  } catch (error) {
    return errorMessage(error);
  }
}
