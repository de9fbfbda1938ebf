import { createHash, timingSafeEqual } from "node:crypto";
import { Clock, KubeApi, type KubeObject, Random } from "@skerry/contracts";
import { defineToken, inject } from "@skerry/plugin";
import { errors } from "../../errors.ts";
import { compareAndSwap } from "../compare-and-swap.ts";
import { fieldManager, namespaces, secrets, systemNamespace } from "../kinds.ts";
import { readToken, type StoredToken, tokenLabel, tokenName, tokenSecret } from "./stored-token.ts";

export interface TokenWish {
  readonly node: string | undefined;
  readonly seconds: number;
  readonly uses: number;
}

export interface Credential {
  readonly id: string;
  readonly secret: string;
}

/** Who wants to join, and under which name. */
export interface Joiner {
  /** The name that was asked for. */
  readonly name: string | undefined;
  readonly hostname: string;
  readonly key: string;
}

export interface Permission {
  readonly node: string;
  /** The token is for that node: whoever was it before is not any more. */
  readonly mayReplace: boolean;
}

export const JoinTokensToken = defineToken<JoinTokens>("enrolment.join-tokens/1");

/** Tokens as Secrets of the cluster, which all cloud kernels share. Of a token's secret only a hash is kept. */
export class JoinTokens {
  constructor(
    @inject(KubeApi) private readonly kube: KubeApi,
    @inject(Clock) private readonly clock: Clock,
    @inject(Random) private readonly random: Random,
  ) {}

  /** @returns the only sight of the secret */
  async create({ node, seconds, uses }: TokenWish): Promise<Credential & { readonly expires: number }> {
    const id = Buffer.from(this.random.bytes(4)).toString("hex");
    const secret = Buffer.from(this.random.bytes(32)).toString("base64url");
    const created = this.clock.now();
    const expires = created + seconds * 1000;
    const metadata = { name: systemNamespace };
    await this.kube.apply({ apiVersion: "v1", kind: "Namespace", metadata }, namespaces, { fieldManager });
    await this.#removeExpired();
    await this.kube.create(tokenSecret({ id, hash: hashed(secret), created, expires, uses, node, used: [] }), secrets);
    return { id, secret, expires };
  }

  async list(): Promise<readonly StoredToken[]> {
    const found = await this.kube.list(secrets, { namespace: systemNamespace, labelSelector: `${tokenLabel}=true` });
    return found
      .map(readToken)
      .filter((token) => token !== undefined)
      .sort((one, other) => one.created - other.created || one.id.localeCompare(other.id));
  }

  /** Nobody joins with it any more. Rejects with `SKERRY_ENROLMENT_NO_SUCH`. */
  async revoke(id: string): Promise<void> {
    if (!/^[a-z0-9]{8}$/.test(id) || (await this.kube.get(secrets, tokenName(id))) === undefined) {
      throw errors.create("SKERRY_ENROLMENT_NO_SUCH", { what: "token", name: id });
    }
    await this.kube.delete(secrets, tokenName(id));
  }

  /**
   * What this joiner may become by this token, which is not used by that. Rejects with
   * `SKERRY_ENROLMENT_UNKNOWN_TOKEN`, `…_TOKEN_EXPIRED`, `…_TOKEN_USED` or `…_OTHER_NODE`.
   */
  async check(credential: Credential, joiner: Joiner): Promise<Permission> {
    const { node, token } = await this.#find(credential, joiner);
    return { node, mayReplace: token.node !== undefined };
  }

  /** As `check`, and counts the use: of several at once, as many succeed as the token has uses. Who asks again is not counted twice. */
  async use(credential: Credential, joiner: Joiner): Promise<void> {
    await compareAndSwap(`the token ${credential.id}`, async () => {
      const { node, token, object, isAgain } = await this.#find(credential, joiner);
      if (isAgain) return;
      const used = [...token.used, { node, key: joiner.key }];
      const { data } = tokenSecret({ ...token, used }) as { data?: object };
      const { resourceVersion = "" } = object.metadata;
      await this.kube.patch(secrets, tokenName(token.id), { metadata: { resourceVersion }, data }, { fieldManager });
    });
  }

  async #find({ id, secret }: Credential, { name, hostname, key }: Joiner): Promise<Found> {
    const object = /^[a-z0-9]{8}$/.test(id) ? await this.kube.get(secrets, tokenName(id)) : undefined;
    const token = object && readToken(object);
    if (object === undefined || token === undefined || !isSame(token.hash, hashed(secret))) {
      throw errors.create("SKERRY_ENROLMENT_UNKNOWN_TOKEN", { id: id.slice(0, 8) });
    }
    if (token.expires <= this.clock.now()) {
      throw errors.create("SKERRY_ENROLMENT_TOKEN_EXPIRED", { id, at: new Date(token.expires).toISOString() });
    }
    if (token.node !== undefined && name !== undefined && name !== token.node) {
      throw errors.create("SKERRY_ENROLMENT_OTHER_NODE", { id, node: token.node, asked: name });
    }
    const node = token.node ?? name ?? hostname;
    const isAgain = token.used.some((use) => use.key === key && use.node === node);
    if (!isAgain && token.used.length >= token.uses) {
      throw errors.create("SKERRY_ENROLMENT_TOKEN_USED", { id, nodes: token.used.map((use) => use.node).join(", ") });
    }
    return { node, token, object, isAgain };
  }

  async #removeExpired(): Promise<void> {
    const now = this.clock.now();
    for (const { id, expires } of await this.list()) {
      if (expires <= now) await this.kube.delete(secrets, tokenName(id));
    }
  }
}

interface Found {
  readonly node: string;
  readonly token: StoredToken;
  readonly object: KubeObject;
  readonly isAgain: boolean;
}

function hashed(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
