import { constants } from "node:fs";
import { open } from "node:fs/promises";

/** Reads a module, at most `limit` bytes of it; a sentence when it is no file or longer. */
export async function readModule(path: string, limit: number): Promise<Uint8Array<ArrayBuffer> | string> {
  // Opening a pipe would wait for a writer.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) return "is not a file";
    if (stat.size > limit) return `has ${stat.size} bytes; a module may have ${limit}`;
    const bytes = new Uint8Array(stat.size);
    let length = 0;
    while (length < bytes.length) {
      const { bytesRead } = await file.read(bytes, length, bytes.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return bytes.subarray(0, length);
  } finally {
    await file.close();
  }
}
