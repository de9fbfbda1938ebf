import type { CloudAnswer } from "@skerry/contracts";
import { errors } from "../errors.ts";
import { type NodeCertificate, readNodeCertificate } from "./node-certificate.ts";

/** The answer of the cloud to a join or a renewal. */
export interface CertificateAnswer {
  /** PEM */
  readonly certificate: string;
  /** PEM, the authorities to trust. */
  readonly ca: string;
}

export interface IssuedCertificate extends CertificateAnswer {
  readonly read: NodeCertificate;
}

/** Rejects with `SKERRY_ENROLMENT_REFUSED` in the cloud's own words, or `SKERRY_ENROLMENT_BAD_ANSWER`. */
export function issuedCertificate({ status, body }: CloudAnswer): IssuedCertificate {
  if (status !== 200) {
    const { code = `HTTP status ${status}`, message = "it gives no reason", advice = "Try again later." } = body;
    throw errors.create("SKERRY_ENROLMENT_REFUSED", {
      code: String(code),
      message: String(message),
      advice: String(advice),
    });
  }
  const { certificate, ca } = body;
  const read = typeof certificate === "string" ? readNodeCertificate(certificate) : undefined;
  if (typeof certificate !== "string" || typeof ca !== "string" || read === undefined) {
    throw errors.create("SKERRY_ENROLMENT_BAD_ANSWER", { problem: "it names no node, or cannot be read" });
  }
  return { certificate, ca, read };
}
