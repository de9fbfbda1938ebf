import type { ServerResponse } from "node:http";
import type { ApiAnswer } from "../api/api-request.ts";

/** Writes an answer at the pace of its reader; a stream ends early when the client has gone. */
export async function writeAnswer(response: ServerResponse, answer: ApiAnswer, isHead: boolean): Promise<void> {
  const { body, status, contentType, warnings = [] } = answer;
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
    if (!response.write(piece)) await drained(response);
  }
  response.end();
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off("drain", done);
      response.off("close", done);
      resolve();
    };
    response.on("drain", done);
    response.on("close", done);
    if (response.destroyed) done();
  });
}

/** RFC 7234, section 5.5, as Kubernetes' clients read it: one line of printable ASCII. */
function warningHeader(text: string): string {
  const plain = text.replace(/[^\x20-\x7e]+/g, " ").replace(/["\\]/g, "\\$&");
  return `299 - "${plain}"`;
}
