import { Bytes, cancelTimer, close, condition, ConditionType, Desire, Device, Mapper } from "@skerry/mapper/guest";
import { open, reject, settle, Status, timer, trouble, write } from "@skerry/mapper/guest";
import { Block, planBlocks, splitBlock } from "./block";
import { exceptionName, isBusy, isGateway } from "./exception";
import { FrameReader, headerBytes, Request } from "./frame";
import { Register, Table } from "./register";

const enum Timers { Connect = 1, Answer = 2, Reopen = 3, Busy = 4, FirstPeriod = 16 }
const enum State { Off, Opening, Open, Waiting }

const firstBackOffMs: i32 = 250;
const lastBackOffMs: i32 = 30_000;
const connectTimeoutMs: i32 = 5_000;
const busyPauseMs: i32 = 500;
/** Times a request goes out before the connection is given up. */
const attemptsPerRequest: i32 = 2;
const busyAttempts: i32 = 4;
/** Frames nobody asked for, in a row, before the connection is given up. */
const maximumStrays: i32 = 32;
/** Misconfigured properties named one by one; the rest is counted. */
const maximumNamed: i32 = 16;

/** Modbus TCP: one request at a time, reads by period, writes first. */
export class Modbus extends Mapper {
  private registers: Register[] = [];
  private blocks: Block[] = [];
  /** Periods whose timer runs. */
  private periods: i32[] = [];
  private running: bool[] = [];
  private writes: Register[] = [];
  private writesHeld: bool = false;
  private cursor: i32 = 0;

  private url: string = "";
  private unit: i32 = 1;
  private timeoutMs: i32 = 1000;
  /** Why nothing can be done at all; empty when something can. */
  private problem: string = "";

  private state: State = State.Off;
  private stream: i32 = 0;
  private backOffMs: i32 = firstBackOffMs;
  private reader: FrameReader = new FrameReader();
  private said: string = "";

  private request: Request = new Request();
  private transaction: i32 = 0;
  /** What the request on its way is about: a block, or a register to write; neither: none is on its way. */
  private reading: i32 = -1;
  private writing: Register | null = null;
  private written: i32 = 0;
  private attempts: i32 = 0;
  private strays: i32 = 0;

  start(device: Device): void {
    this.url = device.grant("tcp");
    this.unit = device.connectionInteger("unit", 1);
    this.timeoutMs = device.connectionInteger("timeoutMs", 1000);
    if (this.url == "") this.problem = "connection.tcp: expected host and port, found nothing";
    else if (this.unit < 0 || this.unit > 255) this.problem = "connection.unit: expected an integer from 0 to 255";
    else if (this.timeoutMs < 50 || this.timeoutMs > 60_000) this.problem = "connection.timeoutMs: expected 50 to 60000";

    let bad = 0;
    for (let i = 0; i < device.properties.length; ++i) {
      let register = new Register(device.properties[i]);
      this.registers.push(register);
      if (register.problem != "" && ++bad <= maximumNamed) trouble(i, register.problem);
    }
    if (this.problem != "") condition(ConditionType.MapperReady, Status.False, "BadConnection", this.problem);
    else if (bad > maximumNamed) {
      let rest = (bad - maximumNamed).toString();
      condition(ConditionType.MapperReady, Status.False, "BadModel", rest + " more properties are misconfigured");
    }
    this.blocks = planBlocks(this.registers);
    for (let i = 0; i < this.blocks.length; ++i) {
      if (!this.periods.includes(this.blocks[i].everyMs)) this.periods.push(this.blocks[i].everyMs);
    }
    for (let i = 0; i < this.periods.length; ++i) this.running.push(false);
    if (this.problem == "" && bad < this.registers.length) this.connect();
  }

  onOpen(stream: i32): void {
    if (stream != this.stream) return;
    cancelTimer(Timers.Connect);
    this.state = State.Open;
    this.reader.reset();
    this.strays = 0;
    for (let i = 0; i < this.blocks.length; ++i) this.blocks[i].isDue = true;
    this.next();
  }

  onClose(stream: i32, reason: string): void {
    if (stream != this.stream) return;
    if (this.state == State.Opening) this.lost("ConnectionFailed", "cannot connect to " + this.url + ": " + reason);
    else this.lost("ConnectionClosed", reason == "" ? "the device closed the connection" : "connection lost: " + reason);
  }

  onBytes(stream: i32, bytes: Bytes): void {
    if (stream != this.stream) return;
    while (this.state == State.Open && this.reader.fill(bytes)) this.answer(this.reader.frame);
    if (this.state == State.Open && this.reader.problem != "") this.giveUp("ProtocolError", this.reader.problem);
  }

  onTimer(id: i32): void {
    if (id >= Timers.FirstPeriod) this.periodPassed(id - Timers.FirstPeriod);
    else if (id == Timers.Answer) this.answerMissing();
    else if (id == Timers.Reopen) this.connect();
    else if (id == Timers.Busy) {
      this.writesHeld = false;
      this.next();
    } else if (id == Timers.Connect) this.giveUp("ConnectionFailed", "cannot connect to " + this.url + ": no answer");
  }

  onDesired(desire: Desire): void {
    let register = this.registers[desire.property];
    let problem = this.problem != "" ? this.problem : register.problem;
    if (problem == "" && !register.property.isWritten) problem = "it cannot be written";
    if (problem == "") problem = register.encode(desire.value);
    if (problem != "") return reject(desire.id, problem);
    register.desire = desire.id;
    register.attempts = 0;
    if (!this.writes.includes(register)) this.writes.push(register);
    this.next();
  }

  private connect(): void {
    this.state = State.Opening;
    this.stream = open(this.url);
    timer(Timers.Connect, connectTimeoutMs);
  }

  private giveUp(reason: string, message: string): void {
    close(this.stream);
    this.lost(reason, message);
  }

  /** The connection is gone: what was to be written waits, and it is opened again after a while. */
  private lost(reason: string, message: string): void {
    cancelTimer(Timers.Connect);
    cancelTimer(Timers.Answer);
    this.stream = 0;
    this.state = State.Waiting;
    this.reading = -1;
    let writing = this.writing;
    if (writing && writing.desire == this.written && !this.writes.includes(writing)) this.writes.unshift(writing);
    this.writing = null;
    this.say(Status.False, reason, message);
    timer(Timers.Reopen, this.backOffMs);
    this.backOffMs = min(this.backOffMs * 2, lastBackOffMs);
  }

  private say(status: Status, reason: string, message: string): void {
    let all = reason + " " + message;
    if (all == this.said) return;
    this.said = all;
    condition(ConditionType.Connected, status, reason, message);
  }

  private periodPassed(index: i32): void {
    for (let i = 0; i < this.blocks.length; ++i) {
      if (this.blocks[i].everyMs == this.periods[index]) this.blocks[i].isDue = true;
    }
    // Without a connection nothing is due before it is back, and then everything is.
    this.running[index] = this.state == State.Open;
    if (this.running[index]) timer(Timers.FirstPeriod + index, this.periods[index]);
    this.next();
  }

  /** Sends the next request, when none is on its way. */
  private next(): void {
    if (this.state != State.Open || this.reading >= 0 || this.writing) return;
    if (this.writes.length > 0 && !this.writesHeld) return this.sendWrite(this.writes.shift());
    for (let i = 0; i < this.blocks.length; ++i) {
      let index = (this.cursor + i) % this.blocks.length;
      if (!this.blocks[index].isDue) continue;
      this.cursor = index + 1;
      return this.sendRead(index);
    }
  }

  private sendRead(index: i32): void {
    let block = this.blocks[index];
    block.isDue = false;
    this.reading = index;
    let period = this.periods.indexOf(block.everyMs);
    if (!this.running[period]) {
      this.running[period] = true;
      timer(Timers.FirstPeriod + period, block.everyMs);
    }
    this.begin(block.table == Table.Coil ? 1 : block.table == Table.Discrete ? 2 : block.table == Table.Holding ? 3 : 4, block.from);
    this.request.word(block.count);
    this.attempts = 0;
    this.send();
  }

  private sendWrite(register: Register): void {
    this.writing = register;
    this.written = register.desire;
    let isCoil = register.table == Table.Coil;
    this.begin(isCoil ? (register.writesMultiple ? 15 : 5) : register.writesMultiple ? 16 : 6, register.address);
    if (this.request.code == 5) this.request.word(register.raw != 0 ? 0xff00 : 0);
    else if (this.request.code == 6) this.request.word(<i32>register.raw);
    else if (this.request.code == 15) this.request.coil(register.raw != 0);
    else this.request.registers(register.size, register.raw);
    this.attempts = 0;
    this.send();
  }

  private begin(code: i32, address: i32): void {
    this.request.begin(0, this.unit, code, address);
  }

  /** Each attempt is a transaction of its own, so that a late answer to an earlier one is told apart. */
  private send(): void {
    this.transaction = (this.transaction + 1) & 0xffff;
    this.request.frame.setU16(0, this.transaction);
    this.attempts++;
    write(this.stream, this.request.frame.at, this.request.frame.length);
    timer(Timers.Answer, this.timeoutMs);
  }

  private answerMissing(): void {
    if (this.state != State.Open) return;
    if (this.attempts < attemptsPerRequest) return this.send();
    let what = "unit " + this.unit.toString() + " does not answer within " + this.timeoutMs.toString() + " ms";
    this.giveUp("NoResponse", what);
  }

  private answer(frame: Bytes): void {
    let isWaiting = this.reading >= 0 || this.writing != null;
    if (!isWaiting || frame.u16(0) != this.transaction || frame.u8(6) != this.unit) {
      if (++this.strays > maximumStrays) this.giveUp("ProtocolError", "the device sends answers nobody asked for");
      return;
    }
    this.strays = 0;
    let code = frame.u8(7);
    let isException = code == (this.request.code | 0x80);
    if (!isException && code != this.request.code) {
      return this.giveUp("ProtocolError", "function " + code.toString() + " answers " + this.request.code.toString());
    }
    let expected = isException ? headerBytes + 2 : this.expectedLength();
    if (frame.length != expected || (this.reading >= 0 && !isException && frame.u8(8) != expected - headerBytes - 2)) {
      return this.giveUp("ProtocolError", "an answer of " + frame.length.toString() + " bytes, expected " + expected.toString());
    }
    cancelTimer(Timers.Answer);
    let exception = isException ? frame.u8(8) : 0;
    if (isGateway(exception)) this.say(Status.False, "NoResponse", exceptionName(exception));
    else {
      this.backOffMs = firstBackOffMs;
      this.say(Status.True, "Responding", "the device answers");
    }
    if (this.reading >= 0) this.readAnswered(frame, exception);
    else this.writeAnswered(frame, exception);
    this.next();
  }

  private expectedLength(): i32 {
    return headerBytes + (this.reading >= 0 ? 2 + this.blocks[this.reading].bytes : 5);
  }

  private readAnswered(frame: Bytes, exception: i32): void {
    let index = this.reading;
    let block = this.blocks[index];
    this.reading = -1;
    if (exception != 0) {
      if (block.members.length > 1 && (exception == 2 || exception == 3)) {
        splitBlock(this.blocks, index);
        block.isDue = true;
      } else if (!isGateway(exception)) {
        for (let i = 0; i < block.members.length; ++i) block.members[i].fail(exceptionName(exception));
      }
      return;
    }
    data.at = frame.at + headerBytes + 2;
    data.length = frame.length - headerBytes - 2;
    for (let i = 0; i < block.members.length; ++i) {
      block.members[i].reportFrom(data, block.members[i].address - block.from);
    }
  }

  private writeAnswered(frame: Bytes, exception: i32): void {
    let register = this.writing!;
    this.writing = null;
    // Replaced while it was on its way: the newer one is in the queue.
    if (register.desire != this.written) return;
    if ((isBusy(exception) || isGateway(exception)) && ++register.attempts < busyAttempts) {
      this.writes.unshift(register);
      this.writesHeld = true;
      timer(Timers.Busy, busyPauseMs);
    } else if (exception != 0) reject(register.desire, exceptionName(exception));
    else if (memory.compare(frame.at + 8, this.request.frame.at + 8, 4) != 0) {
      reject(register.desire, "the device confirms another write than it was sent");
    } else {
      settle(register.desire);
      if (register.block >= 0) this.blocks[register.block].isDue = true;
    }
  }
}

const data = new Bytes();
