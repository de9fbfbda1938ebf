import type { IncomingMessage } from "node:http";
import { tooLarge } from "../api/status-error.ts";
import { largestBody } from "../limits.ts";

/** Collects a body within its budget; `413` beyond it, whatever length was declared. */
export async function readBody(message: IncomingMessage): Promise<Uint8Array> {
  if (Number(message.headers["content-length"] ?? 0) > largestBody) throw tooLarge(largestBody);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > largestBody) throw tooLarge(largestBody);
    chunks.push(chunk);
  }
  return chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks);
}
