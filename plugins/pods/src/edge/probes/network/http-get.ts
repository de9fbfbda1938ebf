import { type IncomingMessage, type OutgoingHttpHeaders, request } from "node:http";
import type { Clock } from "@skerry/contracts";
import { errorMessage } from "@skerry/plugin";
import type { HttpAnswer, HttpRequest } from "../probe-network.ts";
import { dial } from "./dial.ts";

const longestBody = 10 * 1024;

/** One GET over a connection of its own. */
export async function httpGet({ url, headers }: HttpRequest, clock: Clock, timeoutMs: number): Promise<HttpAnswer> {
  const what = `Get "${url.href}"`;
  const endsAt = clock.monotonic() + timeoutMs;
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const socket = await dial({ host, port: Number(url.port || 80) }, clock, timeoutMs).catch((error: unknown) => {
    throw new Error(`${what}: ${errorMessage(error)}`);
  });
  return new Promise((resolve, reject) => {
    const end = (error?: unknown) => {
      timeout[Symbol.dispose]();
      socket.destroy();
      if (error !== undefined) reject(new Error(`${what}: ${errorMessage(error)}`));
    };
    const late = "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
    const timeout = clock.after(Math.max(0, endsAt - clock.monotonic()), () => end(new Error(late)));
    const sent = request({
      createConnection: () => socket,
      path: `${url.pathname}${url.search}`,
      setHost: false,
      headers: namedHeaders(url, headers),
    });
    sent.once("error", end);
    sent.once("response", (response) => {
      bodyOf(response).then((body) => {
        end();
        const { location } = response.headers;
        resolve({ status: response.statusCode ?? 0, body, ...(location === undefined ? {} : { location }) });
      }, end);
    });
    sent.end();
  });
}

/** Those that a Pod names take the place of the kubelet's; one without a value is not sent. */
function namedHeaders(url: URL, headers: HttpRequest["headers"]): OutgoingHttpHeaders {
  const all = new Map([
    ["host", [url.host]],
    ["user-agent", ["kube-probe/1.32"]],
    ["accept", ["*/*"]],
    ["connection", ["close"]],
  ]);
  for (const { name } of headers) all.set(name.toLowerCase(), []);
  for (const { name, value } of headers) all.get(name.toLowerCase())?.push(value);
  const sent = [...all].filter(([, values]) => values.some((value) => value !== ""));
  return Object.fromEntries(sent.map(([name, values]) => [name, values.length === 1 ? String(values[0]) : values]));
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= longestBody) break;
  }
  return Buffer.concat(chunks).subarray(0, longestBody).toString("utf8");
}
