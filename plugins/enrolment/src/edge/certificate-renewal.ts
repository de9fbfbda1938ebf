import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import { Clock, CloudRequests, LinkState, Logger, NodeCredentials, Random, type Timer } from "@skerry/contracts";
import { defineToken, errorMessage, inject, type Startable, type Stoppable } from "@skerry/plugin";
import { errors } from "../errors.ts";
import { issuedCertificate } from "../shared/certificate-answer.ts";
import { certificateRequest } from "../shared/certificate-request.ts";
import { type NodeCertificate, nodeIdentity, readNodeCertificate } from "../shared/node-certificate.ts";
import { renewalTime, untilLook, untilRetry } from "./renewal-time.ts";

export const CertificateRenewalToken = defineToken<CertificateRenewal>("enrolment.certificate-renewal/1");

export interface RenewalStatus {
  readonly certificate: NodeCertificate;
  /** Milliseconds since the Unix epoch; absent when the node does not renew it itself. */
  readonly renewAt: number | undefined;
  /** Why the last attempt failed. */
  readonly problem: string | undefined;
}

/** Certificates whose life is over before it began must not keep node and cloud busy. */
const shortestWaitMs = 1_000;

const newKeyPair = promisify(generateKeyPair);

/**
 * Asks the cloud for the next certificate, for a new key, with a third of the life of the present one left; and again and
 * again, also after its end, until there is one. Certificates in files that cannot be replaced are left to who made them.
 */
export class CertificateRenewal implements Startable, Stoppable {
  readonly #stop = new AbortController();
  #timer: Timer | undefined;
  #watch: Disposable | undefined;
  #chance = 0;
  #failures = 0;
  #problem: string | undefined;
  #running: Promise<void> | undefined;

  constructor(
    @inject(CloudRequests) private readonly requests: CloudRequests,
    @inject(NodeCredentials) private readonly credentials: NodeCredentials,
    @inject(LinkState) private readonly link: LinkState,
    @inject(Clock) private readonly clock: Clock,
    @inject(Random) private readonly random: Random,
    @inject(Logger) private readonly log: Logger,
  ) {}

  async start(): Promise<void> {
    if (!this.credentials.isReplaceable) return;
    this.#chance = this.random.next();
    // The network is back: what failed without it is worth an attempt at once.
    this.#watch = this.link.watch(({ state }) => {
      if (state === "online" && this.#failures > 0) this.#lookAfter(0);
    });
    this.#lookAfter(0);
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error("the node stops"));
    this.#timer?.[Symbol.dispose]();
    this.#watch?.[Symbol.dispose]();
    await this.#running;
  }

  /** Rejects with `SKERRY_TRANSPORT_BAD_TLS_FILE`. */
  async status(): Promise<RenewalStatus | undefined> {
    const certificate = readNodeCertificate((await this.credentials.read()).certificate);
    if (certificate === undefined) return undefined;
    const renewAt = this.credentials.isReplaceable ? renewalTime(certificate, this.#chance) : undefined;
    return { certificate, renewAt, problem: this.#problem };
  }

  #lookAfter(ms: number): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = this.clock.after(ms, () => {
      this.#running ??= this.#look().finally(() => {
        this.#running = undefined;
      });
    });
  }

  async #look(): Promise<void> {
    let wait: number;
    try {
      const status = await this.status();
      if (status?.renewAt !== undefined && status.renewAt <= this.clock.now()) await this.#renew(status.certificate);
      this.#failures = 0;
      this.#problem = undefined;
      wait = untilLook((await this.status())?.renewAt ?? Number.POSITIVE_INFINITY, this.clock.now());
      wait = Math.max(wait, shortestWaitMs);
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      this.#failures += 1;
      const problem = errorMessage(error);
      // Without a network every attempt fails alike: once in the log is enough.
      if (problem !== this.#problem) this.log.warn("the certificate was not renewed; trying again", { error });
      this.#problem = problem;
      wait = untilRetry(this.#failures, this.random.next());
    }
    if (!this.#stop.signal.aborted) this.#lookAfter(wait);
  }

  async #renew({ node, serial }: NodeCertificate): Promise<void> {
    const { privateKey } = await newKeyPair("ec", {
      namedCurve: "P-256",
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    const csr = certificateRequest(`${nodeIdentity}${node}`.slice(0, 64), privateKey);
    const answer = await this.requests.post({ path: "/renew", body: { csr } }, this.#stop.signal);
    const { certificate, ca, read } = issuedCertificate(answer);
    if (read.node !== node) {
      throw errors.create("SKERRY_ENROLMENT_BAD_ANSWER", { problem: `it is for the node ${read.node}` });
    }
    await this.credentials.replace({ certificate, key: privateKey, ca });
    const validUntil = new Date(read.validUntil).toISOString();
    this.log.info("renewed the certificate", { validUntil, serial: read.serial, replaces: serial });
  }
}
