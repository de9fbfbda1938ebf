import type { IncomingMessage } from "node:http";
import { type ImageCredentials, type JsonValue, runtimeErrors } from "@skerry/contracts";
import { errorMessage } from "@skerry/plugin";
import { manifestTypes } from "../image-manifest.ts";
import type { ImageReference } from "../image-reference.ts";
import { imageLimits } from "../limits.ts";
import { parseChallenge } from "./challenge.ts";
import { bodyOf, exchange } from "./exchange.ts";

export interface RegistryOptions {
  /** Certificate authorities of this registry beside the system's, PEM. */
  readonly ca?: string | undefined;
  readonly credentials?: ImageCredentials | undefined;
  readonly signal: AbortSignal;
}

/** A registry that speaks HTTP without TLS is believed on this machine only. */
const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/;
/** Docker Hub answers under another name than images carry. */
const hosts: Readonly<Record<string, string>> = { "docker.io": "registry-1.docker.io" };

/** Reads one repository of a registry: distribution-spec 1.1, pull only. */
export class RegistryClient {
  readonly #image: ImageReference;
  readonly #options: RegistryOptions;
  readonly #base: string;
  #authorization: string | undefined;

  constructor(image: ImageReference, options: RegistryOptions) {
    this.#image = image;
    this.#options = options;
    const host = hosts[image.registry] ?? image.registry;
    this.#base = `${loopback.test(host) ? "http" : "https"}://${host}/v2/${image.repository}`;
  }

  /** @param version a tag or a digest */
  async manifest(version: string): Promise<Buffer> {
    const answer = await this.#get(`manifests/${version}`, manifestTypes.join(", "));
    return this.#reading(() => bodyOf(answer, imageLimits.documentBytes));
  }

  blob(digest: string): Promise<IncomingMessage> {
    return this.#get(`blobs/${digest}`, "*/*");
  }

  async #get(path: string, accept: string): Promise<IncomingMessage> {
    const ask = () => this.#exchange(new URL(`${this.#base}/${path}`), { accept, ...this.#authorized() });
    let answer = await ask();
    if (answer.statusCode === 401 && this.#authorization === undefined) {
      answer.resume();
      this.#authorization = await this.#authorize(answer.headers["www-authenticate"]);
      answer = await ask();
    }
    return this.#checked(answer);
  }

  #authorized(): Readonly<Record<string, string>> {
    return this.#authorization === undefined ? {} : { authorization: this.#authorization };
  }

  async #authorize(header: string | undefined): Promise<string> {
    const challenge = parseChallenge(header);
    const basic = basicOf(this.#options.credentials);
    if (challenge === undefined) throw this.#notFound(`the registry asks for "${header ?? "nothing"}" to log in`);
    if (challenge.type === "basic") {
      if (basic === undefined)
        throw this.#notFound("the registry wants to know who asks, and there are no credentials");
      return basic;
    }
    const url = this.#url(challenge.realm);
    if (challenge.service !== undefined) url.searchParams.set("service", challenge.service);
    url.searchParams.set("scope", challenge.scope ?? `repository:${this.#image.repository}:pull`);
    const answer = await this.#exchange(url, basic === undefined ? {} : { authorization: basic });
    const granted = this.#checked(answer);
    const body = await this.#reading(() => bodyOf(granted, imageLimits.documentBytes));
    const { token, access_token } = this.#json(body) as { readonly token?: string; readonly access_token?: string };
    return `Bearer ${token ?? access_token ?? ""}`;
  }

  #url(text: string): URL {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && loopback.test(url.host));
    if (url === undefined || !isSafe)
      throw this.#notFound(`the registry sends to "${text}" to log in, which is not safe`);
    return url;
  }

  #checked(answer: IncomingMessage): IncomingMessage {
    const status = answer.statusCode ?? 0;
    if (status === 200) return answer;
    answer.resume();
    const problem = `${this.#image.registry} answered ${status}`;
    if ([401, 403, 404].includes(status)) throw this.#notFound(problem);
    throw runtimeErrors.create("SKERRY_RUNTIME_IMAGE_UNAVAILABLE", { image: this.#image.canonical, problem });
  }

  #exchange(url: URL, headers: Readonly<Record<string, string>>): Promise<IncomingMessage> {
    const { ca, signal } = this.#options;
    return this.#reading(() => exchange({ url, headers, ca, signal }));
  }

  async #reading<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      const details = { image: this.#image.canonical, problem: errorMessage(error) };
      throw runtimeErrors.create("SKERRY_RUNTIME_IMAGE_UNAVAILABLE", details, error);
    }
  }

  #json(body: Buffer): JsonValue {
    try {
      return JSON.parse(body.toString("utf8")) as JsonValue;
    } catch {
      return {};
    }
  }

  #notFound(problem: string) {
    return runtimeErrors.create("SKERRY_RUNTIME_IMAGE_NOT_FOUND", { image: this.#image.canonical, problem });
  }
}

function basicOf(credentials: ImageCredentials | undefined): string | undefined {
  if (credentials === undefined) return undefined;
  return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64")}`;
}
