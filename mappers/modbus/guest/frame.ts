import { Bytes } from "@skerry/mapper/guest";

/** Transaction 2, protocol 2, length 2, unit 1. */
export const headerBytes: i32 = 7;
const maximumFrame: i32 = 260;

/** Cuts a stream into Modbus TCP frames. Holds at most one frame. */
export class FrameReader {
  readonly frame: Bytes = new Bytes(memory.data(260), maximumFrame);
  /** What is wrong with the stream; from then on it cannot be read. Empty while all is well. */
  problem: string = "";
  private have: i32 = 0;

  reset(): void {
    this.have = 0;
    this.problem = "";
  }

  /** Takes from `bytes` what belongs to the current frame, moving its front. True: `frame` is complete, `take` it first. */
  fill(bytes: Bytes): bool {
    while (bytes.length > 0 && this.problem == "") {
      let wanted = this.have < headerBytes ? headerBytes : this.size();
      let count = min(wanted - this.have, bytes.length);
      memory.copy(this.frame.at + this.have, bytes.at, count);
      bytes.at += count;
      bytes.length -= count;
      this.have += count;
      if (this.have < headerBytes) return false;
      if (this.have == headerBytes) this.check();
      else if (this.have == this.size()) {
        this.frame.length = this.have;
        this.have = 0;
        return true;
      }
    }
    return false;
  }

  private size(): i32 {
    return 6 + (<i32>load<u8>(this.frame.at + 4) << 8 | <i32>load<u8>(this.frame.at + 5));
  }

  private check(): void {
    let protocol = <i32>load<u8>(this.frame.at + 2) << 8 | <i32>load<u8>(this.frame.at + 3);
    if (protocol != 0) this.problem = "protocol id " + protocol.toString() + " is not Modbus";
    // Unit, function and at least one byte.
    else if (this.size() < headerBytes + 2 || this.size() > maximumFrame) {
      this.problem = "a frame of " + this.size().toString() + " bytes cannot be Modbus";
    }
  }
}

/** Builds one request in place. */
export class Request {
  readonly frame: Bytes = new Bytes(memory.data(24), 24);
  code: i32 = 0;

  begin(transaction: i32, unit: i32, code: i32, address: i32): void {
    let frame = this.frame;
    frame.length = 24;
    this.code = code;
    frame.setU16(0, transaction);
    frame.setU16(2, 0);
    frame.setU8(6, unit);
    frame.setU8(7, code);
    frame.setU16(8, address);
  }

  /** Functions 1 to 6: one word follows the address. */
  word(value: i32): void {
    this.frame.setU16(10, value);
    this.end(12);
  }

  /** Function 15 with one coil. */
  coil(isOn: bool): void {
    this.frame.setU16(10, 1);
    this.frame.setU8(12, 1);
    this.frame.setU8(13, isOn ? 1 : 0);
    this.end(14);
  }

  /** Function 16 with one or two registers, the first in the upper half of `raw`. */
  registers(count: i32, raw: u32): void {
    this.frame.setU16(10, count);
    this.frame.setU8(12, count * 2);
    if (count == 2) {
      this.frame.setU16(13, <i32>(raw >>> 16));
      this.frame.setU16(15, <i32>(raw & 0xffff));
      this.end(17);
    } else {
      this.frame.setU16(13, <i32>raw);
      this.end(15);
    }
  }

  private end(length: i32): void {
    this.frame.setU16(4, length - 6);
    this.frame.length = length;
  }
}
