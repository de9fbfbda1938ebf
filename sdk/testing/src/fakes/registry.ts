import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface FakeLayer {
  readonly mediaType: string;
  readonly content: Buffer;
}

export const digestOf = (bytes: Buffer) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

/** A registry on a free port of this machine, as far as pulling goes. */
export class FakeRegistry implements AsyncDisposable {
  /** `METHOD path`, in order. */
  readonly requests: string[] = [];
  /** Asks for a token first, which it gives to this user. */
  login: { readonly username: string; readonly password: string } | undefined;
  /** Sends for blobs elsewhere first. */
  isRedirecting = false;
  readonly #contents = new Map<string, Buffer>();
  readonly #server = createServer((request, response) => this.#answer(request, response));

  static async start(): Promise<FakeRegistry> {
    const registry = new FakeRegistry();
    await new Promise<void>((done) => registry.#server.listen(0, "127.0.0.1", done));
    return registry;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Publishes an image; gives the digest of its manifest. `rest`: of its configuration beside `config`, such as `rootfs`. */
  publish(
    repository: string,
    tag: string,
    layers: readonly FakeLayer[],
    config: object = {},
    rest: object = {},
  ): string {
    const configuration = Buffer.from(JSON.stringify({ ...rest, config }));
    const describe = (mediaType: string, content: Buffer) => {
      this.put(`/v2/${repository}/blobs/${digestOf(content)}`, content);
      return { mediaType, digest: digestOf(content), size: content.length };
    };
    return this.publishManifest(repository, tag, {
      schemaVersion: 2,
      mediaType: manifestType,
      config: describe("application/vnd.oci.image.config.v1+json", configuration),
      layers: layers.map(({ mediaType, content }) => describe(mediaType, content)),
    });
  }

  publishManifest(repository: string, tag: string, manifest: object): string {
    const bytes = Buffer.from(JSON.stringify(manifest));
    for (const version of [tag, digestOf(bytes)]) this.put(`/v2/${repository}/manifests/${version}`, bytes);
    return digestOf(bytes);
  }

  put(path: string, content: Buffer): void {
    this.#contents.set(path, content);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "", `http://${this.host}`);
    this.requests.push(`${request.method} ${url.pathname}`);
    if (url.pathname === "/token") return this.#token(request, response);
    if (this.login !== undefined && request.headers.authorization !== "Bearer let-me-in") {
      const challenge = `Bearer realm="http://${this.host}/token",service="fake",scope="repository:x:pull"`;
      response.writeHead(401, { "www-authenticate": challenge }).end();
      return;
    }
    if (this.isRedirecting && url.pathname.includes("/blobs/") && !url.searchParams.has("there")) {
      response.writeHead(307, { location: `${url.pathname}?there=1` }).end();
      return;
    }
    const content = this.#contents.get(url.pathname);
    if (content === undefined) return void response.writeHead(404).end("{}");
    const type = url.pathname.includes("/manifests/") ? mediaTypeOf(content) : "application/octet-stream";
    response.writeHead(200, { "content-type": type, "content-length": content.length });
    response.end(request.method === "HEAD" ? undefined : content);
  }

  #token(request: IncomingMessage, response: ServerResponse): void {
    const { username, password } = this.login ?? { username: "", password: "" };
    const expected = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
    if (request.headers.authorization !== expected) response.writeHead(401).end();
    else response.writeHead(200).end(JSON.stringify({ token: "let-me-in" }));
  }
}

const manifestType = "application/vnd.oci.image.manifest.v1+json";

function mediaTypeOf(manifest: Buffer): string {
  const { mediaType = manifestType } = JSON.parse(manifest.toString()) as { mediaType?: string };
  return mediaType;
}
