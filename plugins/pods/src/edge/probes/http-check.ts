import type { HttpGet } from "../pod/handler.ts";
import type { HttpAnswer, ProbeNetwork } from "./probe-network.ts";
import type { ProbeResult } from "./probe-result.ts";

const mostRedirects = 10;

/** GET, as the kubelet judges it: 200 to 399 is well; redirects are followed on the same host and not to another. */
export async function httpCheck(
  { path = "/", httpHeaders: headers = [] }: HttpGet,
  { host, port }: { readonly host: string; readonly port: number },
  network: ProbeNetwork,
  timeoutMs: number,
): Promise<ProbeResult> {
  let url = httpUrl({ host, port }, path);
  for (let count = 0; count <= mostRedirects; count += 1) {
    const answer = await network.get({ url, headers }, timeoutMs);
    const next = redirectOf(answer, url);
    if (next === undefined) return judge(answer);
    if (next.protocol !== "http:" || next.hostname !== url.hostname) {
      return { outcome: "success", message: `Probe terminated redirects, Response body: ${answer.body}` };
    }
    url = next;
  }
  return { outcome: "failure", message: `Get "${url.href}": stopped after ${mostRedirects} redirects` };
}

export function httpUrl({ host, port }: { readonly host: string; readonly port: number }, path: string): URL {
  const authority = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  return new URL(`http://${authority}${path.startsWith("/") ? path : `/${path}`}`);
}

function redirectOf({ status, location }: HttpAnswer, base: URL): URL | undefined {
  const isRedirect = status >= 300 && status < 400 && location !== undefined;
  return isRedirect && URL.canParse(location, base.href) ? new URL(location, base) : undefined;
}

function judge({ status }: HttpAnswer): ProbeResult {
  const isWell = status >= 200 && status < 400;
  return isWell
    ? { outcome: "success" }
    : { outcome: "failure", message: `HTTP probe failed with statuscode: ${status}` };
}
