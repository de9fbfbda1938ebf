import { createHash, X509Certificate } from "node:crypto";
import { CloudRequests, type Enrolled, type Enrolment, type JoinRequest } from "@skerry/contracts";
import { inject } from "@skerry/plugin";
import { errors } from "../errors.ts";
import { issuedCertificate } from "../shared/certificate-answer.ts";
import { certificateRequest } from "../shared/certificate-request.ts";
import { parseToken } from "../shared/join-token.ts";
import { nodeIdentity } from "../shared/node-certificate.ts";

/** Trusts the authority in the token and no other, from the first byte on. */
export class Joiner implements Enrolment {
  constructor(@inject(CloudRequests) private readonly requests: CloudRequests) {}

  async join({ url, token, name, hostname, key }: JoinRequest, signal: AbortSignal): Promise<Enrolled> {
    const { id, secret, authority } = parseToken(token);
    const pinned = new X509Certificate(authority);
    // The cloud decides the name; what is asked for is said beside the request.
    const csr = certificateRequest(`${nodeIdentity}${name ?? hostname}`.slice(0, 64), key);
    const answer = await this.requests.post(
      {
        path: "/join",
        bearer: `${id}.${secret}`,
        body: { csr, hostname, ...(name === undefined ? {} : { name }) },
        cloud: { url, ca: pinned.toString() },
      },
      signal,
    );
    const { certificate, ca, read } = issuedCertificate(answer);
    if (!read.certificate.verify(pinned.publicKey)) {
      throw errors.create("SKERRY_ENROLMENT_BAD_ANSWER", {
        problem: "another authority signed it than the token names",
      });
    }
    const fingerprint = createHash("sha256").update(pinned.publicKey.export({ type: "spki", format: "der" }));
    return {
      node: read.node,
      certificate,
      ca,
      authority: fingerprint.digest("hex"),
      validUntil: new Date(read.validUntil).toISOString(),
    };
  }
}
