import type { ByteReader } from "./byte-reader.ts";
import { costOf, opcode, skipImmediate, skipMisc } from "./opcodes.ts";

/** Where fuel is charged: before the instruction at `at`. */
export type Charge =
  | { readonly kind: "segment"; readonly at: number; readonly cost: number }
  /** The length on top of the stack, shifted right. */
  | { readonly kind: "length"; readonly at: number; readonly shift: number }
  | { readonly kind: "fixed"; readonly at: number; readonly cost: number };

/** Instructions that run one after the other, up to the next branch. */
interface Segment {
  readonly kind: "segment";
  readonly at: number;
  cost: number;
  /** It runs at most as often as this one; `undefined`: it must be charged itself. */
  readonly parent: Segment | undefined;
}

/** `memory.grow` and `table.grow` reallocate; growing by nothing costs as much. */
const growCost = 2_000;
/** Bounds the memory that reading one function takes. */
const maximumSegments = 100_000;
/** A bulk operation is a call into the engine, whatever its length. */
const bulkCost = 60;
/** A segment cheaper than this is paid in advance by its parent: a charge costs about ten instructions. */
const smallSegment = 24;

/**
 * Reads the instructions of one function up to its end and says where to charge what: function entries, loop heads and
 * longer branches for the instructions behind them, bulk operations for their length. What is charged is never less than
 * what runs, and seldom much more.
 *
 * @param globals how many the module has: the fuel comes after them and must stay out of its reach
 * @param entryCost what entering the function costs
 */
export function findCharges(reader: ByteReader, globals: number, entryCost: number): readonly Charge[] {
  const found: (Segment | Exclude<Charge, { kind: "segment" }>)[] = [];
  const segment = (parent: Segment | undefined, cost = 0): Segment => {
    const made: Segment = { kind: "segment", at: reader.offset, cost, parent };
    found.push(made);
    if (found.length > maximumSegments) throw reader.unsupported(`more than ${maximumSegments} branches in a function`);
    return made;
  };
  /** `undefined`: behind an unconditional branch, where nothing runs. */
  let current: Segment | undefined = segment(undefined, entryCost);
  const entries: (Segment | undefined)[] = [undefined];
  while (entries.length > 0) {
    const at = reader.offset;
    const code = reader.u8();
    if (current) current.cost += costOf(code);
    switch (code) {
      case opcode.prefixMisc: {
        const charge = miscCharge(skipMisc(reader), at);
        if (charge) found.push(charge);
        if (charge && current) current.cost += bulkCost;
        break;
      }
      case opcode.globalGet:
      case opcode.globalSet:
        if (reader.u32() >= globals) throw reader.invalid("a global does not exist");
        break;
      case opcode.else:
        current = entries.at(-1) && segment(entries.at(-1));
        break;
      case opcode.end: {
        const entry = entries.pop();
        current = entry && segment(entry);
        break;
      }
      default:
        skipImmediate(reader, code);
        if (code === opcode.memoryGrow) found.push({ kind: "fixed", at, cost: growCost });
        else if (code === opcode.block || code === opcode.loop || code === opcode.if) {
          entries.push(current);
          if (code !== opcode.block) current &&= segment(code === opcode.if ? current : undefined, 1);
        } else if (code === opcode.brIf) current &&= segment(current);
        else if (isFinal(code)) current = undefined;
    }
  }
  return fold(found);
}

/** Nothing runs behind it. */
function isFinal(code: number): boolean {
  return code === opcode.br || code === opcode.brTable || code === opcode.return || code === opcode.unreachable;
}

function miscCharge(code: number, at: number): Exclude<Charge, { kind: "segment" }> | undefined {
  // memory.init, memory.copy, memory.fill: eight bytes are about an instruction.
  if (code === 8 || code === 10 || code === 11) return { kind: "length", at, shift: 3 };
  // table.init, table.copy, table.fill.
  if (code === 12 || code === 14 || code === 17) return { kind: "length", at, shift: 1 };
  if (code === 15) return { kind: "fixed", at, cost: growCost };
  return undefined;
}

/** Children come after their parents, so that going backwards what is folded is folded on. */
function fold(found: readonly (Segment | Exclude<Charge, { kind: "segment" }>)[]): readonly Charge[] {
  const kept: Charge[] = [];
  for (const charge of found.toReversed()) {
    if (charge.kind === "segment" && charge.parent && charge.cost < smallSegment) charge.parent.cost += charge.cost;
    else kept.push(charge);
  }
  return kept.reverse();
}
