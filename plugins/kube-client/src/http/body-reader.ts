/** Largest answer that is read, in bytes after decompression; lists come in pages far below. */
export const largestAnswer = 64 * 1024 * 1024;
/** Largest event of a watch: Kubernetes keeps no object beyond 1.5 MiB, and this server none beyond 3 MiB. */
export const largestLine = 8 * 1024 * 1024;

/** The whole body as text; throws when it is larger than `largestAnswer`. */
export async function readText(body: AsyncIterable<Uint8Array> | null): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > largestAnswer) throw new Error(`the answer is larger than ${largestAnswer} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The lines of a body as they come; what follows the last line break is no line. Throws beyond `largestLine`. */
export async function* readLines(body: AsyncIterable<Uint8Array> | null): AsyncGenerator<string> {
  let pieces: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      const line = Buffer.concat([...pieces, chunk.subarray(from, end)]).toString("utf8");
      pieces = [];
      size = 0;
      from = end + 1;
      if (line.trim() !== "") yield line;
    }
    pieces.push(chunk.subarray(from));
    size += chunk.length - from;
    if (size > largestLine) throw new Error(`an event is larger than ${largestLine} bytes`);
  }
}
