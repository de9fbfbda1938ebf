/** A view of bytes in linear memory. Reading outside it traps. */
export class Bytes {
  constructor(public at: usize = 0, public length: i32 = 0) {}

  u8(index: i32): i32 {
    this.check(index, 1);
    return load<u8>(this.at + index);
  }

  /** Big-endian. */
  u16(index: i32): i32 {
    this.check(index, 2);
    return bswap<u16>(load<u16>(this.at + index));
  }

  /** Little-endian. */
  u32le(index: i32): u32 {
    this.check(index, 4);
    return load<u32>(this.at + index);
  }

  setU8(index: i32, value: i32): void {
    this.check(index, 1);
    store<u8>(this.at + index, <u8>value);
  }

  /** Big-endian. */
  setU16(index: i32, value: i32): void {
    this.check(index, 2);
    store<u16>(this.at + index, bswap<u16>(<u16>value));
  }

  text(from: i32): string {
    this.check(from, 0);
    return String.UTF8.decodeUnsafe(this.at + from, this.length - from);
  }

  copy(from: i32): ArrayBuffer {
    this.check(from, 0);
    let copy = new ArrayBuffer(this.length - from);
    memory.copy(changetype<usize>(copy), this.at + from, this.length - from);
    return copy;
  }

  private check(index: i32, size: i32): void {
    if (index < 0 || index + size > this.length) unreachable();
  }
}
