import { Bytes } from "./bytes";

const words: i32 = 4;

/**
 * The `path=value` lines of the start event, left as they came: only what is asked for becomes a string. A device may have
 * thousands of lines, and a mapper asks for most of them at once.
 */
export class Config {
  /** Four a line: where its path begins, its length, where its value begins, its length. */
  private lines: i32[] = [];
  private text: ArrayBuffer;

  constructor(bytes: Bytes) {
    this.text = bytes.copy(0);
    let base = changetype<usize>(this.text);
    let end = bytes.length;
    let from = 0;
    while (from < end) {
      let equals = from;
      for (; equals < end; ++equals) {
        let byte = load<u8>(base + equals);
        if (byte == 0x3d) break;
        if (byte == 0x5c) ++equals;
      }
      let stop = equals + 1;
      while (stop < end && load<u8>(base + stop) != 0x0a) ++stop;
      if (stop > end) break;
      this.lines.push(from);
      this.lines.push(equals - from);
      this.lines.push(equals + 1);
      this.lines.push(stop - equals - 1);
      from = stop + 1;
    }
  }

  get count(): i32 {
    return this.lines.length / words;
  }

  /** The line from `first` on, before `last`, whose path is `prefix` and `path`; -1: there is none. */
  find(first: i32, last: i32, prefix: string, path: string): i32 {
    let length = prefix.length + path.length;
    for (let line = first; line < last; ++line) {
      if (this.lines[line * words + 1] != length) continue;
      if (this.begins(line, path, prefix.length) && this.begins(line, prefix, 0)) return line;
    }
    return -1;
  }

  /** Whether the path of the line has `part` (ASCII) at `at`. */
  begins(line: i32, part: string, at: i32): bool {
    if (this.lines[line * words + 1] < at + part.length) return false;
    let here = changetype<usize>(this.text) + this.lines[line * words] + at;
    let there = changetype<usize>(part);
    for (let i: usize = 0; i < <usize>part.length; ++i) {
      if (<u16>load<u8>(here + i) != load<u16>(there + (i << 1))) return false;
    }
    return true;
  }

  /** Whether the path of the line has `part` at `at`, and nothing behind it. */
  ends(line: i32, part: string, at: i32): bool {
    return this.lines[line * words + 1] == at + part.length && this.begins(line, part, at);
  }

  /** The value of the line; the empty string for line -1. */
  value(line: i32): string {
    if (line < 0) return "";
    let from = changetype<usize>(this.text) + this.lines[line * words + 2];
    let length = this.lines[line * words + 3];
    let text = String.UTF8.decodeUnsafe(from, length);
    for (let i = 0; i < length; ++i) if (load<u8>(from + i) == 0x5c) return unescape(text);
    return text;
  }

  /** NaN when there is no such line or it is no number. */
  number(line: i32): f64 {
    return line < 0 || this.lines[line * words + 3] == 0 ? NaN : F64.parseFloat(this.value(line));
  }

  /** `otherwise` when there is no such line or it is no integer of 32 bits. */
  integer(line: i32, otherwise: i32): i32 {
    let value = this.number(line);
    return value >= -2147483648 && value <= 2147483647 && Math.floor(value) == value ? <i32>value : otherwise;
  }
}

function unescape(text: string): string {
  let parts = "";
  for (let at = 0; at < text.length; ++at) {
    let c = text.charAt(at);
    if (c == "\\" && at + 1 < text.length) {
      c = text.charAt(++at);
      if (c == "n") c = "\n";
      else if (c == "r") c = "\r";
    }
    parts += c;
  }
  return parts;
}
