import { Clock, type HttpRoute, Logger, type RouteAnswer, type RouteRequest } from "@skerry/contracts";
import { inject } from "@skerry/plugin";
import { errors } from "../errors.ts";
import { type NodeCertificate, readNodeCertificate } from "../shared/node-certificate.ts";
import { type Authority, AuthorityToken, type Issued } from "./authority.ts";
import type { KnownCertificate } from "./identities/identity.ts";
import { type NodeIdentities, NodeIdentitiesToken } from "./identities/node-identities.ts";
import { readRenewBody } from "./read-request.ts";
import { answered, maximumRequestBytes } from "./route-answers.ts";
import { type EnrolmentSettings, Settings } from "./settings.ts";

/**
 * `POST /renew`: a node asks for its next certificate, and shows the one it has. That one may have ended, by no more than
 * the grace: it opens nothing else.
 */
export class RenewRoute implements HttpRoute {
  readonly path = "/renew";
  readonly maximumBodyBytes = maximumRequestBytes;

  constructor(
    @inject(NodeIdentitiesToken) private readonly identities: NodeIdentities,
    @inject(AuthorityToken) private readonly authority: Authority,
    @inject(Settings) private readonly settings: EnrolmentSettings,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly log: Logger,
  ) {}

  answer(request: RouteRequest): Promise<RouteAnswer> {
    return answered(() => this.#renew(request));
  }

  async #renew({ body, certificate, address }: RouteRequest): Promise<Issued> {
    const { csr } = readRenewBody(body);
    const shown = await this.#verified(certificate);
    const wanted = await this.authority.read(csr);
    const { node } = shown;
    const issued = await this.authority.issue(node, wanted);
    const proven: KnownCertificate = { serial: shown.serial, expires: iso(shown.validUntil), key: "" };
    const next = { serial: issued.serial, expires: iso(issued.validUntil), key: wanted.keyHash };
    await this.identities.renew(node, proven, next);
    this.log.info("renewed a certificate", { node, address, serial: issued.serial, replaces: shown.serial });
    return issued;
  }

  async #verified(der: Uint8Array | undefined): Promise<NodeCertificate> {
    const not = (problem: string) => errors.create("SKERRY_ENROLMENT_NOT_RENEWABLE", { problem });
    if (der === undefined) throw not("none was shown");
    const shown = readNodeCertificate(der);
    if (shown === undefined) throw not("it is not that of a node");
    if (!(await this.authority.hasSigned(shown.certificate))) throw not("another authority signed it");
    const now = this.clock.now();
    if (now < shown.validFrom) throw not(`it is not valid before ${iso(shown.validFrom)}, by the cloud's clock`);
    if (now > shown.validUntil + this.settings.graceSeconds * 1000) {
      throw not(`it ended on ${iso(shown.validUntil)}, longer ago than the grace of ${this.settings.graceSeconds} s`);
    }
    return shown;
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
