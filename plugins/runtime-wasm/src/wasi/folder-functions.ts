import { readdirSync } from "node:fs";
import type { Descriptor } from "./descriptors.ts";

const headerBytes = 24;
const types = { directory: 3, regular: 4, link: 7, unknown: 0 } as const;

/** Fills a buffer with `dirent`s from a cookie on; the last may be cut. Gives the bytes that were filled. */
export function readFolder(
  { path, only }: Descriptor & { readonly type: "folder" },
  buffer: Uint8Array,
  cookie: bigint,
): number {
  const names = readdirSync(path, { withFileTypes: true })
    .filter(({ name }) => only === undefined || name === only)
    .map((entry) => ({
      name: entry.name,
      type: entry.isDirectory()
        ? types.directory
        : entry.isFile()
          ? types.regular
          : entry.isSymbolicLink()
            ? types.link
            : types.unknown,
    }));
  const all = [{ name: ".", type: types.directory }, { name: "..", type: types.directory }, ...names];
  let used = 0;
  for (const [index, { name, type }] of all.entries()) {
    if (BigInt(index) < cookie) continue;
    const text = Buffer.from(name);
    const record = Buffer.alloc(headerBytes + text.length);
    record.writeBigUInt64LE(BigInt(index) + 1n, 0);
    record.writeBigUInt64LE(BigInt(index) + 1n, 8);
    record.writeUInt32LE(text.length, 16);
    record.writeUInt8(type, 20);
    text.copy(record, headerBytes);
    const part = record.subarray(0, buffer.length - used);
    buffer.set(part, used);
    used += part.length;
    if (used === buffer.length) break;
  }
  return used;
}
