import { errors } from "../errors.ts";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import { meterBody } from "./function-body.ts";
import {
  checkImports,
  countGlobals,
  readFunctions,
  readLimits,
  readTypes,
  section,
  sectionOrder,
  splitSections,
} from "./sections.ts";

export interface MeterLimits {
  /** Pages of 64 KiB the linear memory may grow to. */
  readonly memoryPages: number;
  /** What the fuel starts with: it serves the module's start function, before the first call sets it. At most 2^31 - 1. */
  readonly initialFuel: number;
}

/** Under this name the fuel, a mutable `i32`, is exported. Below zero means: ran dry. */
export const fuelExport = "skerry.fuel";
export const maximumModuleBytes = 8 * 1024 * 1024;
const maximumMeteredBytes = 2 * maximumModuleBytes;
const maximumTables = 4;
/** Elements of one table: 10 million, V8's own limit, would be 80 MB. */
const maximumTableElements = 10_000;

/**
 * Rewrites a module so that it can neither run nor grow without bounds: a fuel counter at function entries, loop heads and
 * bulk operations, and caps on memory and tables. Pure. Understands the MVP with sign extension, saturating truncation,
 * bulk memory, reference types and multi-value; everything else is refused.
 *
 * Throws `SKERRY_METER_TOO_LARGE`, `_INVALID`, `_UNSUPPORTED` or `_MEMORY`.
 */
export function meterModule(bytes: Uint8Array, limits: MeterLimits): Uint8Array {
  if (bytes.length > maximumModuleBytes) {
    throw errors.create("SKERRY_METER_TOO_LARGE", { found: bytes.length, limit: maximumModuleBytes });
  }
  const { byId, names } = splitSections(bytes);
  checkImports(byId.get(section.import));
  const types = readTypes(byId.get(section.type));
  const functions = readFunctions(byId.get(section.function));
  const writer = new ByteWriter(maximumMeteredBytes, bytes.length * 2);
  writer.bytes(bytes.subarray(0, 8));
  const globals = byId.get(section.global);
  const fuelGlobal = globals ? countGlobals(globals) : 0;
  for (const id of sectionOrder) {
    const content = byId.get(id);
    const part = new ByteWriter(maximumMeteredBytes);
    if (id === section.table) writeTables(content, part);
    else if (id === section.memory) writeMemory(content, part, limits.memoryPages);
    else if (id === section.global) writeGlobals(globals, part, fuelGlobal, limits.initialFuel);
    else if (id === section.export) writeExports(content, part, fuelGlobal);
    else if (id === section.code) writeCode(content, part, { types, functions, fuelGlobal });
    else if (content) part.bytes(content.whole);
    if (part.length > 0) writer.section(id, part.written);
  }
  if (names) writer.section(section.custom, names);
  // Validated as it came: with the fuel global and the scratch locals added, an index that did not exist would.
  if (!WebAssembly.validate(bytes)) throw errors.create("SKERRY_METER_INVALID", { problem: "V8 refuses it" });
  return writer.written.slice();
}

function writeTables(content: ByteReader | undefined, part: ByteWriter): void {
  if (!content) return;
  const count = content.u32();
  if (count > maximumTables) {
    throw errors.create("SKERRY_METER_MEMORY", { what: "tables", found: count, limit: maximumTables });
  }
  part.u32(count);
  for (let left = count; left > 0; left--) {
    const type = content.u8();
    if (type !== 0x70 && type !== 0x6f) throw content.unsupported(`tables of type 0x${type.toString(16)}`);
    part.u8(type);
    writeLimits(part, readLimits(content, "table elements", maximumTableElements));
  }
}

function writeMemory(content: ByteReader | undefined, part: ByteWriter, pages: number): void {
  if (!content) return;
  const count = content.u32();
  if (count > 1) throw content.unsupported("multiple memories");
  part.u32(count);
  if (count === 1) writeLimits(part, readLimits(content, "memory pages", pages));
}

function writeLimits(part: ByteWriter, { initial, maximum }: { initial: number; maximum: number }): void {
  part.u8(1);
  part.u32(initial);
  part.u32(maximum);
}

function writeGlobals(globals: ByteReader | undefined, part: ByteWriter, count: number, initialFuel: number): void {
  part.u32(count + 1);
  if (globals) {
    const own = new ByteReader(globals.whole);
    own.u32();
    part.bytes(own.rest());
  }
  part.u8(0x7f);
  part.u8(1);
  part.i32Const(initialFuel);
  part.u8(0x0b);
}

function writeExports(content: ByteReader | undefined, part: ByteWriter, fuelGlobal: number): void {
  const name = new TextEncoder().encode(fuelExport);
  if (content) checkNames(content);
  const own = content && new ByteReader(content.whole);
  part.u32((own?.u32() ?? 0) + 1);
  if (own) part.bytes(own.rest());
  part.u32(name.length);
  part.bytes(name);
  part.u8(3);
  part.u32(fuelGlobal);
}

function checkNames(content: ByteReader): void {
  const text = new TextDecoder();
  for (let count = content.u32(); count > 0; count--) {
    if (text.decode(content.take(content.u32())) === fuelExport)
      throw content.invalid(`it exports ${fuelExport} itself`);
    content.u8();
    content.u32();
  }
}

interface CodeContext {
  readonly types: readonly number[];
  readonly functions: readonly number[];
  readonly fuelGlobal: number;
}

function writeCode(content: ByteReader | undefined, part: ByteWriter, context: CodeContext): void {
  if (!content) return;
  const count = content.u32();
  if (count !== context.functions.length) throw content.invalid("as many bodies as functions were expected");
  part.u32(count);
  const body = new ByteWriter(maximumMeteredBytes);
  for (const type of context.functions) {
    const parameters = context.types[type];
    if (parameters === undefined) throw content.invalid(`type ${type} does not exist`);
    body.clear();
    meterBody(content.part(content.u32()), body, { fuelGlobal: context.fuelGlobal, parameters });
    part.u32(body.length);
    part.bytes(body.written);
  }
}
