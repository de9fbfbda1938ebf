import { readIdentity } from "../../../plugins/enrolment/src/cloud/identities/identity.ts";
import { readJoinBody, readRenewBody } from "../../../plugins/enrolment/src/cloud/read-request.ts";
import { readToken } from "../../../plugins/enrolment/src/cloud/tokens/stored-token.ts";
import { readCertificateRequest } from "../../../plugins/enrolment/src/cloud/wanted-certificate.ts";
import { issuedCertificate } from "../../../plugins/enrolment/src/shared/certificate-answer.ts";
import { parseToken } from "../../../plugins/enrolment/src/shared/join-token.ts";
import { readNodeCertificate } from "../../../plugins/enrolment/src/shared/node-certificate.ts";
import type { Decoders } from "./decoders.ts";

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString();

function objectOf(bytes: Uint8Array): object | undefined {
  try {
    const value: unknown = JSON.parse(textOf(bytes));
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

const metadata = { name: "join-token-0a1b2c3d", namespace: "skerry-system" };

export const enrolmentTargets: Decoders = {
  "join-token": (bytes) => parseToken(textOf(bytes)).id !== "",
  "join-body": (bytes) => readJoinBody(bytes).csr !== "",
  "renew-body": (bytes) => readRenewBody(bytes).csr !== "",
  "certificate-request": async (bytes) => (await readCertificateRequest(textOf(bytes))).keyHash !== "",
  "node-certificate": (bytes) => readNodeCertificate(bytes) !== undefined,
  "certificate-answer": (bytes) => {
    const body = objectOf(bytes);
    return body !== undefined && issuedCertificate({ status: 200, body: body as never }).read.node !== "";
  },
  "stored-token": (bytes) => {
    const object = objectOf(bytes);
    return object !== undefined && readToken({ ...object, metadata } as never) !== undefined;
  },
  "stored-identity": (bytes) => {
    const object = objectOf(bytes);
    return object !== undefined && readIdentity({ ...object, metadata } as never).certificates.length > 0;
  },
};
