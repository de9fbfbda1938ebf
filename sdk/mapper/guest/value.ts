import { Bytes } from "./bytes";

export const enum Tag {
  Boolean = 1,
  Integer = 2,
  Number = 3,
  String = 4,
  Bytes = 5,
  Object = 6,
}

/** A typed value, still encoded. Valid until the call returns. */
export class Value {
  constructor(private bytes: Bytes) {}

  get tag(): Tag {
    return this.bytes.u8(0);
  }

  get isNumeric(): bool {
    return this.tag == Tag.Integer || this.tag == Tag.Number;
  }

  boolean(): bool {
    return this.tag == Tag.Boolean && this.bytes.u8(1) != 0;
  }

  /** An integer or number; NaN for everything else. */
  number(): f64 {
    if (this.tag == Tag.Integer) return <f64>load<i64>(this.payload(8));
    if (this.tag == Tag.Number) return load<f64>(this.payload(8));
    return NaN;
  }

  /** Text of a string or an object. */
  text(): string {
    return this.bytes.text(1);
  }

  private payload(size: i32): usize {
    if (this.bytes.length != size + 1) unreachable();
    return this.bytes.at + 1;
  }
}
