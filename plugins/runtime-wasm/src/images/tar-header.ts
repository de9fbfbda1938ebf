export const blockBytes = 512;

/** One entry of a tar archive (POSIX ustar and pax, GNU long names). */
export interface TarHeader {
  /** As it is written, not yet checked. */
  readonly path: string;
  /** The letter of the format: `0` file, `5` folder, `2` symbolic link, `1` hard link. */
  readonly type: string;
  readonly size: number;
  readonly linkPath: string;
}

/** Reads a header block; `undefined` for the empty block that ends an archive, text for what is wrong. */
export function parseHeader(block: Buffer): TarHeader | string | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  const checksum = octal(block, 148, 8);
  const sum = block.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 0x20 : byte), 0);
  if (sum !== checksum) return "a checksum of the archive is wrong";
  const size = octal(block, 124, 12);
  if (size === undefined) return "a size in the archive is no number";
  const prefix = text(block, 257, 5) === "ustar" ? text(block, 345, 155) : "";
  const name = text(block, 0, 100);
  const type = String.fromCharCode(block[156] || 0x30);
  return { path: prefix === "" ? name : `${prefix}/${name}`, type, size, linkPath: text(block, 157, 100) };
}

/** Records of a pax header: `<length> <key>=<value>\n`. */
export function parsePax(body: Buffer): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  for (let offset = 0; offset < body.length; ) {
    const space = body.indexOf(0x20, offset);
    const length = Number(body.toString("latin1", offset, space));
    if (space < 0 || !Number.isInteger(length) || length <= space - offset) break;
    const record = body.toString("utf8", space + 1, offset + length - 1);
    const equals = record.indexOf("=");
    if (equals > 0) records.set(record.slice(0, equals), record.slice(equals + 1));
    offset += length;
  }
  return records;
}

/** Text up to the first zero byte. */
export function text(bytes: Buffer, start: number, length: number): string {
  const end = bytes.indexOf(0, start);
  return bytes.toString("utf8", start, end < 0 ? start + length : Math.min(end, start + length));
}

function octal(block: Buffer, start: number, length: number): number | undefined {
  // GNU tar writes what octal has no room for in base 256.
  if (((block[start] ?? 0) & 0x80) !== 0) {
    const value = block.subarray(start + 1, start + length).reduce((total, byte) => total * 256 + byte, 0);
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const digits = text(block, start, length).trim();
  return /^[0-7]*$/.test(digits) ? Number.parseInt(digits || "0", 8) : undefined;
}
