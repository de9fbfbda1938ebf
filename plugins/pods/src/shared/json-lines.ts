import type { Readable } from "node:stream";
import { errors } from "../errors.ts";

/** The values of a stream's lines, as they come. A longer line, or one that is no JSON, is `SKERRY_PODS_BAD_LINE`. */
export async function* jsonLines(stream: Readable, longestBytes: number): AsyncGenerator<unknown, void> {
  let rest = Buffer.alloc(0);
  for await (const chunk of stream) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    for (let end = rest.indexOf("\n"); end >= 0 && end <= longestBytes; end = rest.indexOf("\n")) {
      yield parsed(rest.toString("utf8", 0, end));
      rest = rest.subarray(end + 1);
    }
    if (rest.length > longestBytes) {
      throw errors.create("SKERRY_PODS_BAD_LINE", { problem: `a line is longer than ${longestBytes} bytes` });
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw errors.create("SKERRY_PODS_BAD_LINE", { problem: "a line is no JSON" }, cause);
  }
}
