import { Register, Table } from "./register";

const maximumGap: i32 = 8;
const maximumBits: i32 = 2000;
const maximumRegisters: i32 = 125;
/** So that one answer stays well within the effects of one call. */
const maximumMembers: i32 = 32;

/** Neighbours of one table and period, read with one request. */
export class Block {
  members: Register[] = [];
  isDue: bool = true;
  private end: i32 = 0;

  constructor(public table: Table, public from: i32, public everyMs: i32) {}

  add(register: Register): void {
    this.members.push(register);
    this.end = max(this.end, endOf(register));
  }

  /** Leaves only the first member. */
  shrink(): void {
    this.members = [this.members[0]];
    this.end = endOf(this.members[0]);
  }

  /** Bits or registers. */
  get count(): i32 {
    return this.end - this.from;
  }

  /** Bytes of data in the answer. */
  get bytes(): i32 {
    return this.table <= Table.Discrete ? (this.count + 7) >> 3 : this.count * 2;
  }

  takes(register: Register): bool {
    if (register.table != this.table || register.property.everyMs != this.everyMs) return false;
    if (this.members.length >= maximumMembers) return false;
    let limit = register.isBit ? maximumBits : maximumRegisters;
    return register.address - this.end <= maximumGap && endOf(register) - this.from <= limit;
  }
}

/** Groups what is read into as few requests as is cheap. */
export function planBlocks(registers: Register[]): Block[] {
  let sorted = registers.filter((register) => register.problem == "" && register.property.isRead);
  sorted.sort((a, b) => {
    if (a.table != b.table) return a.table - b.table;
    if (a.property.everyMs != b.property.everyMs) return a.property.everyMs - b.property.everyMs;
    return a.address - b.address;
  });
  let blocks: Block[] = [];
  for (let i = 0; i < sorted.length; ++i) {
    let register = sorted[i];
    if (blocks.length == 0 || !blocks[blocks.length - 1].takes(register)) addBlock(blocks, register);
    else blocks[blocks.length - 1].add(register);
    register.block = blocks.length - 1;
  }
  return blocks;
}

/**
 * Gives every member but the first a block of its own. A device may refuse a request only because of the gap
 * between two registers.
 */
export function splitBlock(blocks: Block[], index: i32): void {
  let members = blocks[index].members;
  blocks[index].shrink();
  for (let i = 1; i < members.length; ++i) {
    addBlock(blocks, members[i]);
    members[i].block = blocks.length - 1;
  }
}

function addBlock(blocks: Block[], register: Register): void {
  let block = new Block(register.table, register.address, register.property.everyMs);
  block.add(register);
  blocks.push(block);
}

function endOf(register: Register): i32 {
  return register.address + register.size;
}
