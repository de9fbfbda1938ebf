import { blockBytes, parseHeader, parsePax, type TarHeader, text } from "./tar-header.ts";

/** Long names and pax headers are read into memory. */
const longestExtra = 64 * 1024;
/** Empty blocks after the end: archives are padded to a multiple of what a tape took. */
const longestEnd = 1024 * 1024;

export interface TarEntry extends Omit<TarHeader, "size"> {
  readonly size: number;
  /** Read it, or not; the next entry skips what is left. */
  readonly content: AsyncIterable<Buffer>;
}

/** The entries of an archive as it arrives. Throws `Error` with a sentence when it is broken or ends early. */
export async function* readTar(source: AsyncIterable<Buffer>): AsyncGenerator<TarEntry> {
  const bytes = new Bytes(source);
  let longName: string | undefined;
  let longLink: string | undefined;
  let pax: ReadonlyMap<string, string> = new Map();
  for (;;) {
    const block = await bytes.take(blockBytes);
    const header = block.length === 0 ? undefined : parseHeader(block);
    if (header === undefined) return bytes.end();
    if (typeof header === "string") throw new Error(header);
    if ("LKxg".includes(header.type)) {
      if (header.size > longestExtra) throw new Error("a name in the archive is too long");
      const body = await bytes.take(header.size);
      await bytes.skip(padding(header.size));
      if (header.type === "L") longName = text(body, 0, body.length);
      if (header.type === "K") longLink = text(body, 0, body.length);
      if (header.type === "x") pax = parsePax(body);
      continue;
    }
    const size = pax.has("size") ? Number(pax.get("size")) : header.size;
    if (!Number.isSafeInteger(size) || size < 0) throw new Error("a size in the archive is no number");
    const content = new Content(bytes, size);
    yield {
      path: pax.get("path") ?? longName ?? header.path,
      linkPath: pax.get("linkpath") ?? longLink ?? header.linkPath,
      type: header.type,
      size,
      content,
    };
    await bytes.skip(content.left + padding(size));
    longName = undefined;
    longLink = undefined;
    pax = new Map();
  }
}

function padding(size: number): number {
  return (blockBytes - (size % blockBytes)) % blockBytes;
}

/** The bytes of one entry. */
class Content implements AsyncIterable<Buffer> {
  left: number;
  readonly #bytes: Bytes;

  constructor(bytes: Bytes, size: number) {
    this.#bytes = bytes;
    this.left = size;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    while (this.left > 0) {
      const chunk = await this.#bytes.some(this.left);
      this.left -= chunk.length;
      yield chunk;
    }
  }
}

/** A stream read by counts. */
class Bytes {
  readonly #source: AsyncIterator<Buffer>;
  #buffer: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Exactly this many bytes; none at the end of the stream. */
  async take(count: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    let missing = count;
    while (missing > 0) {
      const part = await this.#upTo(missing);
      if (part.length === 0) break;
      parts.push(part);
      missing -= part.length;
    }
    if (missing > 0 && missing < count) throw new Error("the archive ends in the middle");
    return Buffer.concat(parts);
  }

  /** At least one byte, at most so many. */
  async some(most: number): Promise<Buffer> {
    const part = await this.#upTo(most);
    if (part.length === 0) throw new Error("the archive ends in the middle");
    return part;
  }

  async skip(count: number): Promise<void> {
    for (let left = count; left > 0; ) left -= (await this.some(left)).length;
  }

  /** Reads to the end of the stream, which must not be far. */
  async end(): Promise<void> {
    for (let bytes = 0; bytes <= longestEnd; ) {
      const part = await this.#upTo(longestEnd);
      if (part.length === 0) return;
      bytes += part.length;
    }
    throw new Error("the archive goes on after its end");
  }

  async #upTo(most: number): Promise<Buffer> {
    while (this.#buffer.length === 0) {
      const { done, value } = await this.#source.next();
      if (done) return this.#buffer;
      this.#buffer = value;
    }
    const part = this.#buffer.subarray(0, most);
    this.#buffer = this.#buffer.subarray(part.length);
    return part;
  }
}
