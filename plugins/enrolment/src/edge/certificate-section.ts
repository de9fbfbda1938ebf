import { Clock, type StatusReport, type StatusSection } from "@skerry/contracts";
import { inject } from "@skerry/plugin";
import { type CertificateRenewal, CertificateRenewalToken } from "./certificate-renewal.ts";

/** The node's certificate in `skerry status`. */
export class CertificateSection implements StatusSection {
  readonly name = "certificate";

  constructor(
    @inject(CertificateRenewalToken) private readonly renewal: CertificateRenewal,
    @inject(Clock) private readonly clock: Clock,
  ) {}

  async collect(): Promise<StatusReport> {
    const status = await this.renewal.status();
    if (status === undefined) return { data: null, lines: ["it is not that of a node"] };
    const { certificate, renewAt, problem } = status;
    const until = new Date(certificate.validUntil).toISOString();
    const renews = renewAt === undefined ? null : new Date(renewAt).toISOString();
    const state = certificate.validUntil < this.clock.now() ? "ended" : "valid";
    return {
      data: { node: certificate.node, state, until, renews, problem: problem ?? null },
      lines: [
        `${state === "ended" ? "ended on" : "valid until"} ${until}; ${renews === null ? "not renewed by this node" : `renews itself from ${renews} on`}`,
        ...(problem === undefined ? [] : [`not renewed: ${problem}`]),
      ],
    };
  }
}
