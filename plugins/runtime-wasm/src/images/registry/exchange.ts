import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { imageLimits } from "../limits.ts";

export interface Exchange {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Certificate authorities beside the system's, PEM. */
  readonly ca?: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * One GET, over redirects. Credentials stay with the host they are for. Resolves with the headers; the body is read
 * by the caller. Rejects as node:http does.
 */
export async function exchange({ url, headers, ca, signal }: Exchange): Promise<IncomingMessage> {
  let target = url;
  for (let redirects = 0; ; redirects += 1) {
    const { authorization: _, ...rest } = headers;
    const answer = await once(target, target.host === url.host ? headers : rest, ca, signal);
    const { location } = answer.headers;
    if (![301, 302, 303, 307, 308].includes(answer.statusCode ?? 0) || location === undefined) return answer;
    answer.resume();
    if (redirects === imageLimits.redirects) throw new Error(`more than ${redirects} redirects from ${url.host}`);
    const next = new URL(location, target);
    if (target.protocol === "https:" && next.protocol !== "https:") {
      throw new Error(`${target.host} redirects to ${next.host} without TLS`);
    }
    target = next;
  }
}

function once(
  url: URL,
  headers: Readonly<Record<string, string>>,
  ca: string | undefined,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const send = url.protocol === "http:" ? httpRequest : httpsRequest;
  return new Promise((resolve, reject) => {
    const sent = send(
      url,
      { headers, signal, timeout: imageLimits.idleMs, ...(ca === undefined ? {} : { ca }) },
      resolve,
    );
    sent.once("timeout", () => sent.destroy(new Error(`${url.host} said nothing for ${imageLimits.idleMs / 1000} s`)));
    sent.once("error", reject);
    sent.end();
  });
}

/** The whole body; an error when it is longer than `limit` bytes. */
export async function bodyOf(answer: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limit) {
      answer.destroy();
      throw new Error(`an answer is longer than ${limit} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
