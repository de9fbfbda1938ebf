import "reflect-metadata";
import { generateKeyPairSync, webcrypto, X509Certificate } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import {
  type CloudAnswer,
  type CloudRequest,
  type CloudRequests,
  type CommandCall,
  commandPoint,
  httpRoutePoint,
  KubeApi,
  type Peer,
  peerGuardPoint,
} from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import { FakeClock, FakeKubeApi, SeededRandom, startTestNode } from "@skerry/testing";
import { onTestFinished } from "vitest";
import { plugin as cloudPlugin } from "../src/cloud/index.ts";
import { Joiner } from "../src/join/joiner.ts";
import { parseToken } from "../src/shared/join-token.ts";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const day = 86_400_000;

/** Owns the extension points, in place of the link and its transport. */
const owner = definePlugin(
  {
    id: "test-owner",
    summary: "of a test",
    sdk: "^0.1.0",
    extensionPoints: [httpRoutePoint.id, peerGuardPoint.id],
  } as { id: string },
  () => undefined,
);

export interface Ca {
  readonly certificate: string;
  readonly key: string;
}

/** An authority, valid for ten years of virtual time. */
export async function newCa(name: string, now: number): Promise<Ca> {
  x509.cryptoProvider.set(webcrypto as never);
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: "01",
    name: `CN=${name}`,
    notBefore: new Date(now - day),
    notAfter: new Date(now + 3650 * day),
    signingAlgorithm: algorithm,
    keys,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return { certificate: `${certificate.toString("pem")}\n`, key: x509.PemConverter.encode(pkcs8, "PRIVATE KEY") };
}

export function newKey(namedCurve = "P-256"): string {
  return generateKeyPairSync("ec", {
    namedCurve,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  }).privateKey;
}

/** One cluster and its authority, with as many cloud kernels as a test starts, on virtual time. */
export class EnrolmentWorld {
  readonly clock = new FakeClock(Date.UTC(2026, 0, 1));
  readonly kube = new FakeKubeApi(this.clock);
  readonly home: string;
  readonly ca: Ca;
  readonly logged: string[] = [];
  settings: Record<string, unknown> = { url: "wss://cloud.example.org:7443" };
  #seed = 0;

  private constructor(home: string, ca: Ca) {
    this.home = home;
    this.ca = ca;
  }

  static async create(): Promise<EnrolmentWorld> {
    const home = await mkdtemp(join(tmpdir(), "skerry-enrolment-"));
    onTestFinished(() => rm(home, { recursive: true }));
    const world = new EnrolmentWorld(home, await newCa("skerry-ca", Date.UTC(2026, 0, 1)));
    await world.write(world.ca);
    return world;
  }

  async write({ certificate, key }: Ca): Promise<void> {
    await writeFile(join(this.home, "ca.crt"), certificate);
    await writeFile(join(this.home, "ca.key"), key);
  }

  async cloud(kube: KubeApi = this.kube): Promise<CloudUnderTest> {
    const settings = { authority: { certificate: "ca.crt", key: "ca.key" }, ...this.settings };
    const kernel = await startTestNode({
      plugins: [owner, { plugin: cloudPlugin, settings }],
      with: [[KubeApi, kube]],
      clock: this.clock,
      random: new SeededRandom(++this.#seed),
      node: { home: this.home },
      log: (record) => this.logged.push(JSON.stringify(record)),
    });
    onTestFinished(() => kernel.stop());
    return new CloudUnderTest(kernel);
  }
}

type Kernel = Awaited<ReturnType<typeof startTestNode>>;

export class CloudUnderTest {
  readonly #kernel: Kernel;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  async skerry(...words: readonly string[]) {
    const [name, ...args] = words;
    const [command] = this.#kernel.contributions(commandPoint).filter(({ value }) => value.name === name);
    const said = { out: "", err: "" };
    const call: CommandCall = {
      arguments: args,
      directory: "/",
      out: (text) => {
        said.out += text;
      },
      err: (text) => {
        said.err += text;
      },
      signal: new AbortController().signal,
    };
    const code = await command?.value.run(call);
    return { code, ...said };
  }

  async token(...options: readonly string[]): Promise<string> {
    const { out } = await this.skerry("token", "create", "-o", "json", ...options);
    return JSON.parse(out).token;
  }

  refusal(peer: Pick<Peer, "identity"> & { readonly serial?: string }): Promise<string | undefined> {
    const [guard] = this.#kernel.contributions(peerGuardPoint);
    return guard?.value.refusal({ address: "192.0.2.1:1", ...peer }) ?? Promise.resolve(undefined);
  }

  watch(changed: (identity: string) => void): Disposable | undefined {
    return this.#kernel.contributions(peerGuardPoint)[0]?.value.watch(changed);
  }

  /** As a request of that path arrives, with the certificate that was shown. */
  async ask({ path, body, bearer }: CloudRequest, certificate?: string): Promise<CloudAnswer> {
    const [route] = this.#kernel.contributions(httpRoutePoint).filter(({ value }) => value.path === path);
    const answer = await route?.value.answer({
      body: Buffer.from(JSON.stringify(body)),
      bearer,
      certificate: certificate === undefined ? undefined : new X509Certificate(certificate).raw,
      address: "192.0.2.1:1",
    });
    return JSON.parse(JSON.stringify(answer));
  }

  /** The other half, over a wire that is not there. */
  join(token: string, { name, hostname = "host", key = newKey() }: JoinOptions = {}) {
    parseToken(token);
    const requests: CloudRequests = { post: (request) => this.ask(request) };
    const request = { url: "wss://cloud.example.org:7443", token, name, hostname, key };
    return new Joiner(requests).join(request, new AbortController().signal);
  }
}

interface JoinOptions {
  readonly name?: string;
  readonly hostname?: string;
  readonly key?: string;
}
