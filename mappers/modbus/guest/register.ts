import { Bytes, Property, reportBoolean, reportInteger, reportNumber, trouble, Value } from "@skerry/mapper/guest";
import { show, shortest } from "./number";

export const enum Table { Coil = 0, Discrete = 1, Input = 2, Holding = 3 }
export const enum Form { Bool = 0, Int16 = 1, Uint16 = 2, Int32 = 3, Uint32 = 4, Float32 = 5 }

const tableNames: StaticArray<string> = ["coil", "discrete", "input", "holding"];
const formNames: StaticArray<string> = ["bool", "int16", "uint16", "int32", "uint32", "float32"];
const lowest: StaticArray<f64> = [0, -32768, 0, -2147483648, 0, -3.4028234663852886e38];
const highest: StaticArray<f64> = [1, 32767, 65535, 2147483647, 4294967295, 3.4028234663852886e38];
const largestExact: f64 = 9007199254740991;

/** Where one property lives in the device, read from its `visit`. */
export class Register {
  table: Table = Table.Coil;
  address: i32 = 0;
  form: Form = Form.Bool;
  /** Why it cannot be used; empty when it can. */
  problem: string = "";
  /** Write with function 15 or 16, also where 5 or 6 would do. */
  writesMultiple: bool = false;
  /** Index of the block that reads it; -1: it is not read. */
  block: i32 = -1;

  /** The desire that waits to be written; 0: none. */
  desire: i32 = 0;
  attempts: i32 = 0;
  /** What to write: one bit, or one or two registers, the first in the upper half. */
  raw: u32 = 0;

  private scale: f64 = 1;
  /** 1 / scale where that is an integer: dividing gives 16.3 where multiplying gives 16.300000000000001. */
  private divisor: f64 = 1;
  private offset: f64 = 0;
  private isLittle: bool = false;
  private reported: string = "";

  constructor(public property: Property) {
    this.problem = this.parse();
  }

  get isBit(): bool {
    return this.table <= Table.Discrete;
  }

  /** Bits or registers it takes. */
  get size(): i32 {
    return this.form >= Form.Int32 ? 2 : 1;
  }

  private parse(): string {
    let property = this.property;
    let table = indexOf(tableNames, property.visit("table"));
    if (table < 0) return expected("visit.table", "coil, discrete, input or holding", property.visit("table"));
    this.table = table;

    let as = property.visit("as");
    let form = as == "" ? (this.isBit ? Form.Bool : Form.Uint16) : indexOf(formNames, as);
    if (form < 0) return expected("visit.as", "bool, int16, uint16, int32, uint32 or float32", as);
    if (this.isBit && form != Form.Bool) return expected("visit.as", "bool, because a " + tableNames[table] + " is one bit", as);
    this.form = form;

    let address = property.visitNumber("address");
    let last = 65536 - this.size;
    if (!(address >= 0 && address <= last && Math.floor(address) == address)) {
      return expected("visit.address", "an integer from 0 to " + last.toString(), property.visit("address"));
    }
    this.address = <i32>address;

    if (property.hasVisit("scale")) {
      this.scale = property.visitNumber("scale");
      if (!isFinite(this.scale) || this.scale == 0) return expected("visit.scale", "a number other than 0", property.visit("scale"));
    }
    let inverse = 1 / this.scale;
    this.divisor = Math.abs(inverse - Math.round(inverse)) < 1e-9 * Math.abs(inverse) ? Math.round(inverse) : 0;
    if (property.hasVisit("offset")) {
      this.offset = property.visitNumber("offset");
      if (!isFinite(this.offset)) return expected("visit.offset", "a number", property.visit("offset"));
    }
    let words = property.visit("words");
    if (words != "" && words != "big" && words != "little") return expected("visit.words", "big or little", words);
    this.isLittle = words == "little";
    let write = property.visit("write");
    if (write != "" && write != "single" && write != "multiple") return expected("visit.write", "single or multiple", write);
    this.writesMultiple = write == "multiple" || this.size > 1;

    let type = property.type;
    if (type != "boolean" && type != "integer" && type != "number") {
      return expected("type", "boolean, integer or number, because Modbus has no other", type);
    }
    if (property.isWritten && this.table != Table.Coil && this.table != Table.Holding) {
      return expected("access", "read, because a " + tableNames[table] + " cannot be written", property.access);
    }
    return "";
  }

  /** Reports the value that stands at `index` (bits or registers) of a response's data. */
  reportFrom(data: Bytes, index: i32): void {
    if (this.isBit) return this.reportNumber(<f64>((data.u8(index >> 3) >> (index & 7)) & 1));
    let first = <u32>data.u16(index * 2);
    if (this.size == 1) {
      return this.reportNumber(this.form == Form.Int16 ? <f64>(<i16>first) : <f64>first);
    }
    let second = <u32>data.u16(index * 2 + 2);
    let both = this.isLittle ? (second << 16) | first : (first << 16) | second;
    if (this.form == Form.Int32) this.reportNumber(<f64>(<i32>both));
    else if (this.form == Form.Uint32) this.reportNumber(<f64>both);
    else this.reportNumber(shortest(reinterpret<f32>(both)));
  }

  /** Says that the property cannot be read; once, until the reason changes or a value comes. */
  fail(reason: string): void {
    if (this.reported == reason) return;
    this.reported = reason;
    trouble(this.property.index, reason);
  }

  private reportNumber(raw: f64): void {
    if (!isFinite(raw)) return this.fail("the device sends no number");
    let property = this.property;
    if (property.type == "boolean") {
      reportBoolean(property.index, raw != 0);
    } else {
      let value = this.scaled(raw);
      if (property.type == "integer") {
        value = Math.round(value);
        if (Math.abs(value) > largestExact) return this.fail("the value is beyond 2^53");
        reportInteger(property.index, <i64>value);
      } else {
        if (!isFinite(value)) return this.fail("scaled, the value is no number");
        reportNumber(property.index, value);
      }
    }
    this.reported = "";
  }

  /** Sets `raw` to what must be written for `value`. Gives why it cannot be, or an empty string. */
  encode(value: Value): string {
    if (this.property.type == "boolean") {
      this.raw = value.boolean() ? 1 : 0;
      return "";
    }
    let wanted = value.number();
    if (!isFinite(wanted)) return "expected a number";
    let raw = this.divisor != 0 ? (wanted - this.offset) * this.divisor : (wanted - this.offset) / this.scale;
    if (this.form != Form.Float32) raw = Math.round(raw);
    if (!(raw >= lowest[this.form] && raw <= highest[this.form])) {
      return show(wanted) + " does not fit: " + formNames[this.form] + " takes " + this.range();
    }
    if (this.form == Form.Float32) this.raw = reinterpret<u32>(<f32>raw);
    else this.raw = raw < 0 ? <u32>(<i32>raw) : <u32>raw;
    if (this.size == 2 && this.isLittle) this.raw = (this.raw << 16) | (this.raw >>> 16);
    return "";
  }

  private scaled(raw: f64): f64 {
    return (this.divisor != 0 ? raw / this.divisor : raw * this.scale) + this.offset;
  }

  private range(): string {
    let one = this.scaled(lowest[this.form]);
    let other = this.scaled(highest[this.form]);
    return show(Math.min(one, other)) + " to " + show(Math.max(one, other)) + " here";
  }
}

function indexOf(names: StaticArray<string>, name: string): i32 {
  for (let i = 0; i < names.length; ++i) if (names[i] == name) return i;
  return -1;
}

function expected(field: string, what: string, found: string): string {
  return field + ": expected " + what + ", found " + (found == "" ? "nothing" : '"' + found + '"');
}
