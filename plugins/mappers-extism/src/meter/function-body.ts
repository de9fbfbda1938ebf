import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";
import { findCharges } from "./charges.ts";
import { opcode, valueType } from "./opcodes.ts";

/** V8's own limit. */
const maximumLocals = 50_000;

export interface BodyContext {
  /** Index of the fuel global; the module's own globals come before it. */
  readonly fuelGlobal: number;
  readonly parameters: number;
}

/** Copies one function body, with fuel charges where `findCharges` says. */
export function meterBody(reader: ByteReader, writer: ByteWriter, context: BodyContext): void {
  const start = reader.offset;
  const locals = skipLocals(reader);
  const afterLocals = reader.offset;
  // Locals are set to zero on entry.
  const charges = findCharges(reader, context.fuelGlobal, 1 + (locals >> 2));
  if (!reader.isAtEnd) throw reader.invalid("a function body goes on after its end");
  const needsScratch = charges.some((charge) => charge.kind === "length");

  if (needsScratch) {
    addScratchLocal(reader.bytes, start, afterLocals, writer);
  } else {
    writer.bytes(reader.bytes.subarray(start, afterLocals));
  }
  const scratch = context.parameters + locals;
  let copied = afterLocals;
  for (const charge of charges) {
    writer.bytes(reader.bytes.subarray(copied, charge.at));
    copied = charge.at;
    if (charge.kind === "length") writeLengthCharge(writer, context.fuelGlobal, scratch, charge.shift);
    else writeCharge(writer, context.fuelGlobal, charge.cost);
  }
  writer.bytes(reader.bytes.subarray(copied, reader.end));
}

function skipLocals(reader: ByteReader): number {
  let total = 0;
  for (let groups = reader.u32(); groups > 0; groups--) {
    total += reader.u32();
    valueType(reader);
    if (total > maximumLocals) throw reader.unsupported(`${total} locals in one function`);
  }
  return total;
}

function addScratchLocal(bytes: Uint8Array, start: number, afterLocals: number, writer: ByteWriter): void {
  let at = start;
  let groups = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++] ?? 0;
    groups += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  writer.u32(groups + 1);
  writer.bytes(bytes.subarray(at, afterLocals));
  writer.u32(1);
  writer.u8(0x7f);
}

function writeCharge(writer: ByteWriter, fuel: number, cost: number): void {
  writer.u8(opcode.globalGet);
  writer.u32(fuel);
  writer.i32Const(cost);
  writeSubtractAndCheck(writer, fuel);
}

/** The length is on top of the stack and stays there. */
function writeLengthCharge(writer: ByteWriter, fuel: number, scratch: number, shift: number): void {
  writer.u8(opcode.localTee);
  writer.u32(scratch);
  writer.u8(opcode.globalGet);
  writer.u32(fuel);
  writer.u8(opcode.localGet);
  writer.u32(scratch);
  writer.i32Const(shift);
  writer.u8(opcode.i32ShrU);
  writeSubtractAndCheck(writer, fuel);
}

function writeSubtractAndCheck(writer: ByteWriter, fuel: number): void {
  writer.u8(opcode.i32Sub);
  writer.u8(opcode.globalSet);
  writer.u32(fuel);
  writer.u8(opcode.globalGet);
  writer.u32(fuel);
  writer.i32Const(0);
  writer.u8(opcode.i32LtS);
  writer.u8(opcode.if);
  writer.u8(opcode.emptyBlock);
  writer.u8(opcode.unreachable);
  writer.u8(opcode.end);
}
