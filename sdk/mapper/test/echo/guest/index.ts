// A small guest for the tests: it opens what is granted, reports how many bytes came, and keeps the count.
import {
  Bytes, condition, ConditionType, Desire, Device, keepState, Level, log, Mapper, mount, open, reject, reportBoolean,
  reportInteger, reportNumber, reportText, settle, Status, Tag, timer, trouble, write,
} from "@skerry/mapper/guest";
export * from "@skerry/mapper/guest/exports";

class Echo extends Mapper {
  stream: i32 = 0;
  count: i64 = 0;
  every: i32 = 0;

  start(device: Device): void {
    this.every = device.properties[0].everyMs;
    log(Level.Info, "für " + device.name + ", unit " + device.connection("unit"));
    this.stream = open(device.grant("tcp"));
  }

  onOpen(stream: i32): void {
    condition(ConditionType.Connected, Status.True, "Connected", "Verbindung läuft");
    timer(7, this.every);
  }

  onBytes(stream: i32, bytes: Bytes): void {
    this.count += bytes.length;
    reportInteger(0, this.count);
    write(stream, bytes.at, bytes.length);
  }

  onClose(stream: i32, reason: string): void {
    condition(ConditionType.Connected, Status.False, "ConnectionClosed", reason);
  }

  onTimer(id: i32): void {
    trouble(0, "timer " + id.toString());
    timer(id, this.every);
  }

  onDesired(desire: Desire): void {
    let value = desire.value;
    if (value.tag == Tag.Boolean) reportBoolean(desire.property, value.boolean());
    else if (value.isNumeric) reportNumber(desire.property, value.number());
    else if (value.tag == Tag.String) reportText(desire.property, value.text());
    else {
      reject(desire.id, "cannot take this type");
      return;
    }
    settle(desire.id);
  }

  save(): ArrayBuffer | null {
    let state = new ArrayBuffer(8);
    store<i64>(changetype<usize>(state), this.count);
    return state;
  }

  restore(state: ArrayBuffer): void {
    if (state.byteLength == 8) this.count = load<i64>(changetype<usize>(state));
  }
}

mount(new Echo());
