import type { ServerResponse } from "node:http";
import type { ApiAnswer } from "../api/api-request.ts";

/** Writes an answer at the pace of its reader; a stream ends early when the client has gone. */
export async function writeAnswer(
  response: ServerResponse,
  answer: ApiAnswer,
  isHead: boolean,
  signal: AbortSignal,
): Promise<void> {
  const { body, status, contentType, warnings = [], headers = {} } = answer;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader("Content-Type", contentType);
  response.setHeader("Cache-Control", "no-cache, private");
  if (warnings.length > 0) response.setHeader("Warning", warnings.map(warningHeader));
  if (typeof body === "string") {
    response.setHeader("Content-Length", Buffer.byteLength(body));
    response.writeHead(status).end(isHead ? undefined : body);
    return;
  }
  response.writeHead(status);
  if (isHead) {
    response.end();
    return;
  }
  // A watch may have nothing to say for long; its client waits for the headers.
  response.flushHeaders();
  for await (const piece of body) {
    if (response.destroyed) return;
    if (!response.write(piece) && !(await drained(response, signal))) {
      response.destroy();
      return;
    }
  }
  response.end();
}

/** Whether the reader took what it was sent; `false` when it has gone, or this server will not wait for it. */
function drained(response: ServerResponse, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const done = () => {
      response.off("drain", done);
      signal.removeEventListener("abort", done);
      resolve(!signal.aborted);
    };
    response.on("drain", done);
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });
}

/** RFC 7234, section 5.5, as Kubernetes' clients read it: one line of printable ASCII. */
function warningHeader(text: string): string {
  const plain = text.replace(/[^\x20-\x7e]+/g, " ").replace(/["\\]/g, "\\$&");
  return `299 - "${plain}"`;
}
