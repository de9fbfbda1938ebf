import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock, HttpRoute, Logger, RouteAnswer, RouteRequest } from "@skerry/contracts";
import type { Contribution } from "@skerry/plugin";
import { answerWithinMs, requestsAtOnce } from "./limits.ts";

/** What the connection of a request says of its sender. */
export type Sender = Pick<RouteRequest, "certificate" | "address">;

/** Answers what is asked for at the link's port besides the link. */
export class HttpRoutes {
  readonly #routes: ReadonlyMap<string, Contribution<HttpRoute>>;
  readonly #clock: Clock;
  readonly #log: Logger;
  #running = 0;

  constructor(routes: readonly Contribution<HttpRoute>[], clock: Clock, log: Logger) {
    this.#routes = new Map(routes.map((route) => [route.value.path, route]));
    this.#clock = clock;
    this.#log = log;
  }

  /** Answers and ends the connection. Whoever takes longer than `answerWithinMs` with a body is cut off. */
  async answer(request: IncomingMessage, response: ServerResponse, sender: Sender): Promise<void> {
    const deadline = this.#clock.after(answerWithinMs, () => request.destroy());
    try {
      const { status, body } = await this.#answer(request, sender);
      const text = Buffer.from(JSON.stringify(body));
      response.writeHead(status, {
        Connection: "close",
        "Content-Type": "application/json",
        "Content-Length": text.byteLength,
        ...(status === 426 ? { Upgrade: "websocket" } : {}),
      });
      response.end(text);
    } finally {
      deadline[Symbol.dispose]();
    }
  }

  async #answer(request: IncomingMessage, sender: Sender): Promise<RouteAnswer> {
    const route = this.#routes.get(request.url ?? "");
    if (route === undefined) return refusal(426, "only WebSockets are served here");
    if (request.method !== "POST") return refusal(405, "the method is POST");
    if (this.#running >= requestsAtOnce) return refusal(503, "too many requests at once; try again in a second");
    this.#running += 1;
    try {
      const body = await readBody(request, route.value.maximumBodyBytes);
      if (body === undefined) return refusal(413, `a body has at most ${route.value.maximumBodyBytes} bytes`);
      return await route.value.answer({ ...sender, body, bearer: bearerOf(request) });
    } catch (error) {
      const { path } = route.value;
      this.#log.error("a request could not be answered", { path, plugin: route.plugin, peer: sender.address, error });
      return refusal(500, "internal error");
    } finally {
      this.#running -= 1;
    }
  }
}

function refusal(status: number, message: string): RouteAnswer {
  return { status, body: { message } };
}

function bearerOf({ headers: { authorization = "" } }: IncomingMessage): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization)?.[1];
}

/** `undefined`: it is longer than that. Rejects when the connection ends first. */
async function readBody(request: IncomingMessage, maximumBytes: number): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > maximumBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
