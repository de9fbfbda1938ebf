import type { IncomingMessage } from "node:http";
import { tooLarge } from "../api/status-error.ts";
import { largestBody } from "../limits.ts";

/** Collects a body within its budget; `413` beyond it, whatever length was declared. */
export function readBody(message: IncomingMessage): Promise<Uint8Array> {
  const declared = Number(message.headers["content-length"] ?? 0);
  if (declared > largestBody) return Promise.reject(tooLarge(largestBody));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    message.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= largestBody) chunks.push(chunk);
      else reject(tooLarge(largestBody));
    });
    message.on("end", () => resolve(Buffer.concat(chunks)));
    message.on("error", reject);
    message.on("close", () => reject(new Error("the connection was closed inside a request's body")));
  });
}

/**
 * Lets a client that has its answer finish sending, so that it gets to read it, but not for ever. To be
 * called when the answer is finished.
 */
export function discardRest(message: IncomingMessage): void {
  if (message.complete) return;
  let length = 0;
  message.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length > largestBody) message.destroy();
  });
}
