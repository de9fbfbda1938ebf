import { type HttpRoute, KubeApi, Logger, type RouteAnswer, type RouteRequest } from "@skerry/contracts";
import { inject } from "@skerry/plugin";
import { errors } from "../errors.ts";
import { isNodeName } from "../shared/node-certificate.ts";
import { type Authority, AuthorityToken, type Issued } from "./authority.ts";
import { type NodeIdentities, NodeIdentitiesToken } from "./identities/node-identities.ts";
import { nodes } from "./kinds.ts";
import { readJoinBody } from "./read-request.ts";
import { answered, maximumRequestBytes } from "./route-answers.ts";
import { type Credential, type JoinTokens, JoinTokensToken } from "./tokens/join-tokens.ts";

/** `POST /join`: a machine with a token asks for the certificate of a node. */
export class JoinRoute implements HttpRoute {
  readonly path = "/join";
  readonly maximumBodyBytes = maximumRequestBytes;

  constructor(
    @inject(KubeApi) private readonly kube: KubeApi,
    @inject(JoinTokensToken) private readonly tokens: JoinTokens,
    @inject(NodeIdentitiesToken) private readonly identities: NodeIdentities,
    @inject(AuthorityToken) private readonly authority: Authority,
    @inject(Logger) private readonly log: Logger,
  ) {}

  answer(request: RouteRequest): Promise<RouteAnswer> {
    return answered(() => this.#join(request));
  }

  async #join({ body, bearer = "", address }: RouteRequest): Promise<Issued> {
    const { csr, name, hostname } = readJoinBody(body);
    const wanted = await this.authority.read(csr);
    const credential = credentialOf(bearer);
    const joiner = { name, hostname, key: wanted.keyHash };
    const { node, mayReplace } = await this.tokens.check(credential, joiner);
    if (!isNodeName(node)) throw errors.create("SKERRY_ENROLMENT_BAD_NAME", { node: node.slice(0, 100) });
    if (!mayReplace) await this.#refuseTaken(node);
    // Before the token counts as used: a cloud that cannot sign wastes none.
    const issued = await this.authority.issue(node, wanted);
    await this.tokens.use(credential, joiner);
    const { serial, validUntil } = issued;
    const expires = new Date(validUntil).toISOString();
    await this.identities.enrol(node, { serial, expires, key: wanted.keyHash }, mayReplace);
    this.log.info("a machine joined", { node, token: credential.id, address, serial });
    return issued;
  }

  /** A Node that did not join by a token has no identity, and is somebody all the same. */
  async #refuseTaken(node: string): Promise<void> {
    if ((await this.identities.fresh(node)) !== undefined) return;
    if ((await this.kube.get(nodes, { name: node })) === undefined) return;
    throw errors.create("SKERRY_ENROLMENT_NAME_TAKEN", { node });
  }
}

/** What follows `Bearer` is `id.secret`. */
function credentialOf(bearer: string): Credential {
  const [id = "", secret = ""] = bearer.split(".");
  return { id, secret };
}
