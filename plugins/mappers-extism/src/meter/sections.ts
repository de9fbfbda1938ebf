import { errors } from "../errors.ts";
import { ByteReader } from "./byte-reader.ts";
import { valueType } from "./opcodes.ts";

export const section = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
} as const;

/** The order in which sections stand in a module. */
export const sectionOrder: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 10, 11];

export interface Sections {
  readonly byId: ReadonlyMap<number, ByteReader>;
  /** The `name` section: function names make traps readable. */
  readonly names: Uint8Array | undefined;
}

/** Splits a module. Refuses sections the meter does not know, such as tags. */
export function splitSections(bytes: Uint8Array): Sections {
  const reader = new ByteReader(bytes);
  const head = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  if (head.some((byte) => reader.u8() !== byte)) throw reader.invalid("it does not begin with \\0asm and version 1");
  const byId = new Map<number, ByteReader>();
  let names: Uint8Array | undefined;
  let place = -1;
  while (!reader.isAtEnd) {
    const id = reader.u8();
    const content = reader.part(reader.u32());
    if (id === section.custom) {
      if (new TextDecoder().decode(content.take(content.u32())) === "name") names = content.whole;
      continue;
    }
    const found = sectionOrder.indexOf(id);
    if (found < 0) throw reader.unsupported(id === 13 ? "exceptions" : `section ${id}`);
    if (found <= place) throw reader.invalid(`section ${id} is out of order`);
    place = found;
    byId.set(id, content);
  }
  return { byId, names };
}

/** Number of parameters of each function type. */
export function readTypes(reader: ByteReader | undefined): readonly number[] {
  const parameters: number[] = [];
  if (!reader) return parameters;
  for (let count = reader.u32(); count > 0; count--) {
    if (reader.u8() !== 0x60) throw reader.unsupported("types other than functions");
    const wanted = reader.u32();
    for (let i = 0; i < wanted; i++) valueType(reader);
    for (let results = reader.u32(); results > 0; results--) valueType(reader);
    parameters.push(wanted);
  }
  return parameters;
}

/** Refuses imports that are no functions: a memory or table from outside would escape its cap. */
export function checkImports(reader: ByteReader | undefined): void {
  if (!reader) return;
  for (let count = reader.u32(); count > 0; count--) {
    reader.skip(reader.u32());
    reader.skip(reader.u32());
    const kind = reader.u8();
    if (kind !== 0) {
      throw reader.unsupported(`an imported ${["function", "table", "memory", "global", "tag"][kind] ?? "thing"}`);
    }
    reader.u32();
  }
}

/** Type index of each function of the module itself. */
export function readFunctions(reader: ByteReader | undefined): readonly number[] {
  const types: number[] = [];
  if (!reader) return types;
  for (let count = reader.u32(); count > 0; count--) types.push(reader.u32());
  return types;
}

/** Number of globals; refuses types the meter does not know. */
export function countGlobals(reader: ByteReader): number {
  const total = reader.u32();
  for (let left = total; left > 0; left--) {
    valueType(reader);
    reader.u8();
    skipConstant(reader);
  }
  return total;
}

function skipConstant(reader: ByteReader): void {
  for (;;) {
    const code = reader.u8();
    if (code === 0x0b) return;
    if (code === 0x41) reader.skipSigned(32);
    else if (code === 0x42) reader.skipSigned(64);
    else if (code === 0x43) reader.skip(4);
    else if (code === 0x44) reader.skip(8);
    else if (code === 0x23 || code === 0xd2) reader.u32();
    else if (code === 0xd0) valueType(reader);
    else throw reader.unsupported("extended constant expressions");
  }
}

export interface Limits {
  readonly initial: number;
  readonly maximum: number;
}

/** Reads the limits of a memory or table and caps them. Throws `SKERRY_METER_MEMORY` when it starts above the cap. */
export function readLimits(reader: ByteReader, what: string, cap: number): Limits {
  const flags = reader.u8();
  if (flags > 1) throw reader.unsupported(flags <= 3 ? "shared memory" : "64-bit memory or other limits");
  const initial = reader.u32();
  const maximum = flags === 1 ? reader.u32() : cap;
  if (initial > cap) throw errors.create("SKERRY_METER_MEMORY", { what, found: initial, limit: cap });
  return { initial, maximum: Math.min(maximum, cap) };
}
