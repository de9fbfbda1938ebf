import { ByteReader, leb } from "./byte-reader.ts";

export const pageBytes = 65_536;
const tableSection = 4;
const memorySection = 5;
/** Elements a table may grow to: each takes eight bytes of the node. */
const mostElements = 1_000_000;

/** A problem that `inspectModule` tells as a sentence. */
export class ModuleProblem extends Error {}

/** The module with the maximum of its memories and tables lowered. */
export function capSections(module: Uint8Array, memoryLimitBytes: number): Uint8Array<ArrayBuffer> {
  const reader = new ByteReader(module);
  const parts: Uint8Array[] = [reader.bytes(8)];
  while (!reader.atEnd) {
    const id = reader.byte();
    const content = reader.bytes(reader.u32());
    const capped =
      id === memorySection ? memories(content, memoryLimitBytes) : id === tableSection ? tables(content) : content;
    parts.push(Uint8Array.from([id, ...leb(capped.length)]), capped);
  }
  return joined(parts);
}

function memories(content: Uint8Array, limitBytes: number): Uint8Array {
  const limit = Math.floor(limitBytes / pageBytes);
  const reader = new ByteReader(content);
  const count = reader.u32();
  const out = [...leb(count)];
  for (let index = 0; index < count; index += 1) {
    const flags = reader.byte();
    if ((flags & 0b110) !== 0) throw new ModuleProblem("it has a shared or 64-bit memory, which is not supported");
    const initial = reader.u32();
    const maximum = (flags & 1) === 1 ? reader.u32() : limit;
    if (initial > limit) {
      throw new ModuleProblem(
        `it needs ${initial * pageBytes} bytes of memory from the start; the limit is ${limitBytes}`,
      );
    }
    out.push(1, ...leb(initial), ...leb(Math.min(maximum, limit)));
  }
  return Uint8Array.from(out);
}

function tables(content: Uint8Array): Uint8Array {
  const reader = new ByteReader(content);
  const count = reader.u32();
  const out = [...leb(count)];
  for (let index = 0; index < count; index += 1) {
    const type = reader.byte();
    // Funcref and externref; other types have longer forms, and begin with an expression.
    if (type !== 0x70 && type !== 0x6f) throw new ModuleProblem("it has a table of a type that is not supported");
    const flags = reader.byte();
    if (flags > 1) throw new ModuleProblem("it has a table of a kind that is not supported");
    const initial = reader.u32();
    const maximum = flags === 1 ? reader.u32() : mostElements;
    if (initial > mostElements)
      throw new ModuleProblem(`it has a table of ${initial} elements; ${mostElements} at most`);
    out.push(type, 1, ...leb(initial), ...leb(Math.min(maximum, mostElements)));
  }
  return Uint8Array.from(out);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
