import { Bytes } from "./bytes";

/** The `path=value` lines of the start event. */
export class Config {
  private values: Map<string, string> = new Map();

  constructor(bytes: Bytes) {
    let from = 0;
    for (let at = 0; at < bytes.length; ++at) {
      if (bytes.u8(at) != 0x0a) continue;
      this.line(String.UTF8.decodeUnsafe(bytes.at + from, at - from));
      from = at + 1;
    }
  }

  has(path: string): bool {
    return this.values.has(path);
  }

  /** The value at `path`; the empty string when there is none. */
  text(path: string): string {
    return this.values.has(path) ? this.values.get(path) : "";
  }

  /** NaN when there is none or it is no number. */
  number(path: string): f64 {
    let text = this.text(path);
    return text.length == 0 ? NaN : F64.parseFloat(text);
  }

  /** `otherwise` when there is none or it is no integer of 32 bits. */
  integer(path: string, otherwise: i32): i32 {
    let value = this.number(path);
    return value >= -2147483648 && value <= 2147483647 && Math.floor(value) == value ? <i32>value : otherwise;
  }

  private line(text: string): void {
    for (let at = 0; at < text.length; ++at) {
      let code = text.charCodeAt(at);
      if (code == 0x5c) ++at;
      else if (code == 0x3d) {
        this.values.set(text.substring(0, at), unescape(text.substring(at + 1)));
        return;
      }
    }
  }
}

function unescape(text: string): string {
  if (!text.includes("\\")) return text;
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
