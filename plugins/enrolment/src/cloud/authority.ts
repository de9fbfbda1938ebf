import { createPrivateKey, webcrypto, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Clock, NodeInfo } from "@skerry/contracts";
import { defineToken, errorMessage, inject } from "@skerry/plugin";
import { errors } from "../errors.ts";
import { type EnrolmentSettings, Settings } from "./settings.ts";
import type { WantedCertificate } from "./wanted-certificate.ts";

export interface Issued {
  /** PEM */
  readonly certificate: string;
  /** PEM: what nodes are to trust. */
  readonly ca: string;
  readonly serial: string;
  /** Milliseconds since the Unix epoch. */
  readonly validUntil: number;
}

interface Loaded {
  readonly ca: string;
  readonly certificates: readonly X509Certificate[];
  readonly key: webcrypto.CryptoKey;
}

export const AuthorityToken = defineToken<Authority>("enrolment.authority/1");

const algorithm = { name: "ECDSA", namedCurve: "P-256" } as const;
/** The clocks of two machines differ: a certificate is valid from an hour before it was made, or a tenth of its life. */
const backdatedMs = 60 * 60 * 1000;

/**
 * Signs certificates of nodes with the key in the settings, which is read for each: a CA that was replaced counts at once.
 * What reads and writes certificates takes megabytes, and is loaded when the first is asked for.
 */
export class Authority {
  readonly #settings: EnrolmentSettings;
  readonly #home: string;
  readonly #clock: Clock;

  constructor(
    @inject(Settings) settings: EnrolmentSettings,
    @inject(NodeInfo) { home }: NodeInfo,
    @inject(Clock) clock: Clock,
  ) {
    this.#settings = settings;
    this.#home = home;
    this.#clock = clock;
  }

  /** DER of the certificate that signs. Rejects with `SKERRY_ENROLMENT_NO_AUTHORITY`. */
  async certificate(): Promise<Uint8Array> {
    const { certificates } = await this.#load();
    return certificates[0]?.raw ?? new Uint8Array();
  }

  /** One of the authorities signed it. Says nothing of when it is valid. */
  async hasSigned(certificate: X509Certificate): Promise<boolean> {
    const { certificates } = await this.#load();
    return certificates.some((one) => certificate.checkIssued(one) && certificate.verify(one.publicKey));
  }

  /** Rejects with `SKERRY_ENROLMENT_BAD_REQUEST`. */
  async read(pem: string): Promise<WantedCertificate> {
    const { readCertificateRequest } = await import("./wanted-certificate.ts");
    return readCertificateRequest(pem);
  }

  /** Rejects with `SKERRY_ENROLMENT_NO_AUTHORITY`. */
  async issue(node: string, { publicKey }: WantedCertificate): Promise<Issued> {
    const { ca, certificates, key } = await this.#load();
    const now = this.#clock.now();
    const life = this.#settings.certificateSeconds * 1000;
    const validFrom = now - Math.min(backdatedMs, life / 10);
    const validUntil = Math.floor((now + life) / 1000) * 1000;
    const { issueCertificate } = await import("./issue-certificate.ts");
    const issuer = certificates[0]?.raw ?? new Uint8Array();
    const certificate = await issueCertificate({ node, publicKey, issuer, key, validFrom, validUntil });
    const serial = new X509Certificate(certificate).serialNumber;
    return { certificate, ca, serial, validUntil };
  }

  async #load(): Promise<Loaded> {
    const { certificate, key } = this.#settings.authority ?? {};
    const none = (problem: string, cause?: unknown) =>
      errors.create("SKERRY_ENROLMENT_NO_AUTHORITY", { problem }, cause);
    if (certificate === undefined || key === undefined) throw none("it has no authority in its settings");
    try {
      const ca = await readFile(resolve(this.#home, certificate), "utf8");
      const blocks = ca.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
      const certificates = blocks.map((block) => new X509Certificate(block));
      const privateKey = createPrivateKey(await readFile(resolve(this.#home, key)));
      if (!certificates[0]?.checkPrivateKey(privateKey)) throw none("the key is not that of the first certificate");
      const pkcs8 = privateKey.export({ type: "pkcs8", format: "der" });
      return { ca, certificates, key: await webcrypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]) };
    } catch (cause) {
      throw none(errorMessage(cause), cause);
    }
  }
}
