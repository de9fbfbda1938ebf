import type { ByteReader } from "./byte-reader.ts";

export const opcode = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  localGet: 0x20,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  memoryGrow: 0x40,
  i32LtS: 0x48,
  i32Sub: 0x6b,
  i32ShrU: 0x76,
  prefixMisc: 0xfc,
  emptyBlock: 0x40,
} as const;

/** Value types of the MVP and of reference types. */
export const valueTypes: ReadonlySet<number> = new Set([0x7f, 0x7e, 0x7d, 0x7c, 0x70, 0x6f]);

/** What follows an opcode: `n` nothing, `u` one index, `2` two indices, and so on. */
type Immediate = "n" | "u" | "2" | "m" | "b" | "t" | "s32" | "s64" | "f32" | "f64" | "v" | "r" | "z";

const ranges: readonly (readonly [from: number, to: number, immediate: Immediate])[] = [
  [0x00, 0x01, "n"], // unreachable, nop
  [0x02, 0x04, "b"], // block, loop, if
  [0x05, 0x05, "n"], // else
  [0x0b, 0x0b, "n"], // end
  [0x0c, 0x0d, "u"], // br, br_if
  [0x0e, 0x0e, "t"], // br_table
  [0x0f, 0x0f, "n"], // return
  [0x10, 0x10, "u"], // call
  [0x11, 0x11, "2"], // call_indirect
  [0x1a, 0x1b, "n"], // drop, select
  [0x1c, 0x1c, "v"], // select with types
  [0x20, 0x26, "u"], // locals, globals, table.get, table.set
  [0x28, 0x3e, "m"], // loads and stores
  [0x3f, 0x40, "z"], // memory.size, memory.grow
  [0x41, 0x41, "s32"],
  [0x42, 0x42, "s64"],
  [0x43, 0x43, "f32"],
  [0x44, 0x44, "f64"],
  [0x45, 0xc4, "n"], // arithmetic, conversions, sign extension
  [0xd0, 0xd0, "r"], // ref.null
  [0xd1, 0xd1, "n"], // ref.is_null
  [0xd2, 0xd2, "u"], // ref.func
];

const immediates: readonly (Immediate | undefined)[] = Array.from(
  { length: 256 },
  (_, code) => ranges.find(([from, to]) => code >= from && code <= to)?.[2],
);

const slow = new Map<number, number>([
  ...[0x10, 0x11].map((code) => [code, 4] as const), // calls
  ...[0x25, 0x26].map((code) => [code, 10] as const), // table.get, table.set
  ...[0x6d, 0x6e, 0x6f, 0x70, 0x7f, 0x80, 0x81, 0x82].map((code) => [code, 3] as const), // integer division
  ...[0x91, 0x95, 0x9f, 0xa3].map((code) => [code, 4] as const), // square root, division
]);

const costs: readonly number[] = Array.from({ length: 256 }, (_, code) => slow.get(code) ?? 1);

/** What an instruction costs: 1, or more where V8 needs several times as long. */
export function costOf(code: number): number {
  return costs[code] ?? 1;
}

/** Immediates of 0xfc opcodes 0 to 17. */
const miscImmediates: readonly ("n" | "u" | "2" | "z" | "uz" | "zz")[] = [
  ...Array<"n">(8).fill("n"), // saturating truncations
  "uz", // memory.init
  "u", // data.drop
  "zz", // memory.copy
  "z", // memory.fill
  "2", // table.init
  "u", // elem.drop
  "2", // table.copy
  "u", // table.grow
  "u", // table.size
  "u", // table.fill
];

/** Steps over what follows `code`. Throws `SKERRY_METER_UNSUPPORTED` for opcodes the meter does not know. */
export function skipImmediate(reader: ByteReader, code: number): void {
  switch (immediates[code]) {
    case "n":
      return;
    case "u":
      reader.u32();
      return;
    case "2":
      reader.u32();
      reader.u32();
      return;
    case "m":
      // 64 or more in the alignment would announce a memory index.
      if (reader.u32() >= 64) throw reader.unsupported("multiple memories");
      reader.u32();
      return;
    case "b":
      skipBlockType(reader);
      return;
    case "t":
      for (let targets = reader.u32(); targets >= 0; targets--) reader.u32();
      return;
    case "z":
      zero(reader);
      return;
    case "s32":
      reader.skipSigned(32);
      return;
    case "s64":
      reader.skipSigned(64);
      return;
    case "f32":
      reader.skip(4);
      return;
    case "f64":
      reader.skip(8);
      return;
    case "v":
      for (let types = reader.u32(); types > 0; types--) valueType(reader);
      return;
    case "r":
      valueType(reader);
      return;
    case undefined:
      throw reader.unsupported(featureOf(code));
  }
}

/** Steps over what follows 0xfc, and gives the opcode behind it. */
export function skipMisc(reader: ByteReader): number {
  const code = reader.u32();
  const immediate = miscImmediates[code];
  if (immediate === undefined) throw reader.unsupported(`opcode 0xfc ${code}`);
  for (const kind of immediate) {
    if (kind === "z") zero(reader);
    else if (kind === "u") reader.u32();
    else if (kind === "2") {
      reader.u32();
      reader.u32();
    }
  }
  return code;
}

export function valueType(reader: ByteReader): number {
  const type = reader.u8();
  if (!valueTypes.has(type)) throw reader.unsupported(type === 0x7b ? "SIMD" : `value type 0x${type.toString(16)}`);
  return type;
}

function skipBlockType(reader: ByteReader): void {
  const first = reader.u8();
  if (first === opcode.emptyBlock || valueTypes.has(first)) return;
  if (first >= 0x40 && first < 0x80) throw reader.unsupported(`block type 0x${first.toString(16)}`);
  reader.offset--;
  reader.skipSigned(33);
}

function zero(reader: ByteReader): void {
  if (reader.u8() !== 0) throw reader.unsupported("multiple memories");
}

function featureOf(code: number): string {
  if (code === 0xfd) return "SIMD";
  if (code === 0xfe) return "threads";
  if (code === 0xfb) return "garbage collection";
  if (code === 0x12 || code === 0x13) return "tail calls";
  if ((code >= 0x06 && code <= 0x0a) || code === 0x18 || code === 0x19 || code === 0x1f) return "exceptions";
  return `opcode 0x${code.toString(16)}`;
}
