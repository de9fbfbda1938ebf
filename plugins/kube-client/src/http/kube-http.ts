import { HttpMethod, IsomorphicFetchHttpLibrary, RequestContext } from "@kubernetes/client-node";
import { Clock, type KubeConnection, KubeEndpoint } from "@skerry/contracts";
import { defineToken, inject, type Stoppable } from "@skerry/plugin";
import { errors } from "../errors.ts";
import { readLines, readText } from "./body-reader.ts";
import { failureOf, noAnswer } from "./failure.ts";
import { PooledConfig } from "./pooled-config.ts";

export interface KubeRequest {
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
  /** For messages: what is done to what. */
  readonly subject: string;
  readonly signal?: AbortSignal;
}

export interface KubeAnswer {
  readonly status: number;
  readonly text: string;
}

/** How long one request may take, in milliseconds; watches are not requests. */
const requestWithinMs = 30_000;

/** Requests to the Kubernetes API of this kernel, over connections that are kept. */
export class KubeHttp implements Stoppable {
  readonly #endpoint: KubeEndpoint;
  readonly #clock: Clock;
  readonly #library = new IsomorphicFetchHttpLibrary();
  #config: PooledConfig | undefined;
  #isStopped = false;

  constructor(@inject(KubeEndpoint) endpoint: KubeEndpoint, @inject(Clock) clock: Clock) {
    this.#endpoint = endpoint;
    this.#clock = clock;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#config?.destroy();
  }

  /** The answer whatever its status; rejects with `SKERRY_KUBE_UNAVAILABLE` when there is none. */
  async exchange(request: KubeRequest): Promise<KubeAnswer> {
    const controller = new AbortController();
    const abort = () => controller.abort(new Error("it was cancelled"));
    const late = () => controller.abort(new Error(`no answer within ${requestWithinMs / 1000} s`));
    const timer = this.#clock.after(requestWithinMs, late);
    request.signal?.addEventListener("abort", abort, { once: true });
    try {
      const answer = await this.#send(request, controller.signal);
      return { status: answer.httpStatusCode, text: await readText(bodyOf(answer)) };
    } catch (cause) {
      throw noAnswer(request.subject, controller.signal.aborted ? controller.signal.reason : cause);
    } finally {
      timer[Symbol.dispose]();
      request.signal?.removeEventListener("abort", abort);
    }
  }

  /** The JSON of an answer of success; the error that its status means for any other. */
  async json<T>(request: KubeRequest): Promise<T> {
    return jsonOf(await this.exchange(request), request.subject) as T;
  }

  /** The same, or `undefined` for what is not there. */
  async find<T>(request: KubeRequest): Promise<T | undefined> {
    const answer = await this.exchange(request);
    return answer.status === 404 ? undefined : (jsonOf(answer, request.subject) as T);
  }

  /** The lines of an answer that goes on until the server or the signal ends it. */
  async *lines(request: KubeRequest, signal: AbortSignal): AsyncGenerator<string> {
    const answer = await this.#send(request, signal);
    if (answer.httpStatusCode !== 200) {
      throw new StatusAnswer(answer.httpStatusCode, await readText(bodyOf(answer)));
    }
    yield* readLines(bodyOf(answer));
  }

  async #send(request: KubeRequest, signal: AbortSignal) {
    const config = this.#pool();
    const context = new RequestContext(`${config.connection.url}${request.path}`, HttpMethod[request.method ?? "GET"]);
    for (const [name, value] of Object.entries(request.query ?? {})) {
      if (value !== undefined) context.setQueryParam(name, value);
    }
    await config.applySecurityAuthentication(context);
    context.setHeaderParam("Accept", request.accept ?? "application/json");
    context.setHeaderParam("User-Agent", "skerry");
    if (request.body !== undefined) {
      context.setHeaderParam("Content-Type", request.contentType ?? "application/json");
      context.setBody(JSON.stringify(request.body));
    }
    context.setSignal(signal);
    return await this.#library.send(context).toPromise();
  }

  /** The connections; new ones once the endpoint has moved or its credentials were renewed. */
  #pool(): PooledConfig {
    if (this.#isStopped) throw new Error("this kernel is stopping");
    const connection = this.#endpoint.connection();
    if (this.#config === undefined || !isSame(this.#config.connection, connection)) {
      const old = this.#config;
      this.#config = new PooledConfig(connection);
      void old?.close();
    }
    return this.#config;
  }
}

/** An answer other than 200 to a request for lines. */
export class StatusAnswer extends Error {
  readonly status: number;
  readonly text: string;

  constructor(status: number, text: string) {
    super(`answered with ${status}`);
    this.status = status;
    this.text = text;
  }
}

export const KubeHttpToken = defineToken<KubeHttp>("kube-client.http/1");

type Answer = Awaited<ReturnType<ReturnType<IsomorphicFetchHttpLibrary["send"]>["toPromise"]>>;

function bodyOf(answer: Answer): AsyncIterable<Uint8Array> | null {
  return answer.body.stream() as unknown as AsyncIterable<Uint8Array> | null;
}

/** The JSON of an answer of success; throws the error that any other status means. */
export function jsonOf({ status, text }: KubeAnswer, subject: string): unknown {
  if (status < 200 || status > 299) throw failureOf(status, text, subject);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw errors.create("SKERRY_KUBE_UNAVAILABLE", { subject, problem: "the answer is not JSON" }, cause);
  }
}

function isSame(left: KubeConnection, right: KubeConnection): boolean {
  return left === right || JSON.stringify(left) === JSON.stringify(right);
}
