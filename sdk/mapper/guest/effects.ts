import {
  hostClose, hostCondition, hostLog, hostOpen, hostReject, hostReport, hostSettle, hostState, hostTimer, hostTrouble,
  hostWrite,
} from "./host";
import { Tag } from "./value";

export const enum Level { Debug = 0, Info = 1, Warn = 2, Error = 3 }
export const enum ConditionType { Connected = 0, MapperReady = 1 }
export const enum Status { False = 0, True = 1, Unknown = 2 }

const scratch: usize = memory.data(16);

/** Asks for a stream to `url`, which must be the granted one. `onOpen` or `onClose` follows with this handle. */
export function open(url: string): i32 {
  let text = String.UTF8.encode(url);
  return hostOpen(changetype<usize>(text), text.byteLength);
}

export function write(stream: i32, at: usize, length: i32): void {
  hostWrite(stream, at, length);
}

/** Closes in order; `onClose` does not follow. */
export function close(stream: i32): void {
  hostClose(stream);
}

/** Calls `onTimer(id)` once after `ms`; setting it again replaces it. */
export function timer(id: i32, ms: i32): void {
  hostTimer(id, max(ms, 0));
}

export function cancelTimer(id: i32): void {
  hostTimer(id, -1);
}

export function reportBoolean(property: i32, value: bool): void {
  store<u8>(scratch, Tag.Boolean);
  store<u8>(scratch, value ? 1 : 0, 1);
  hostReport(property, scratch, 2);
}

export function reportInteger(property: i32, value: i64): void {
  store<u8>(scratch, Tag.Integer);
  store<i64>(scratch, value, 1);
  hostReport(property, scratch, 9);
}

/** `value` must be finite. */
export function reportNumber(property: i32, value: f64): void {
  store<u8>(scratch, Tag.Number);
  store<f64>(scratch, value, 1);
  hostReport(property, scratch, 9);
}

export function reportText(property: i32, value: string): void {
  reportTagged(property, Tag.String, value);
}

/** `json` is the text of an object. */
export function reportObject(property: i32, json: string): void {
  reportTagged(property, Tag.Object, json);
}

function reportTagged(property: i32, tag: Tag, text: string): void {
  let length = String.UTF8.byteLength(text);
  let encoded = new ArrayBuffer(length + 1);
  let at = changetype<usize>(encoded);
  store<u8>(at, <u8>tag);
  String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, at + 1);
  hostReport(property, at, length + 1);
}

/** Says that a property cannot be read or is misconfigured. A report of it, or an empty reason, ends the trouble. */
export function trouble(property: i32, reason: string): void {
  let text = String.UTF8.encode(reason);
  hostTrouble(property, changetype<usize>(text), text.byteLength);
}

/** The device has the desired value. */
export function settle(desire: i32): void {
  hostSettle(desire);
}

export function reject(desire: i32, reason: string): void {
  let text = String.UTF8.encode(reason);
  hostReject(desire, changetype<usize>(text), text.byteLength);
}

/** @param reason a CamelCase word */
export function condition(type: ConditionType, status: Status, reason: string, message: string): void {
  let word = String.UTF8.encode(reason);
  let text = String.UTF8.encode(message);
  hostCondition(type, status, changetype<usize>(word), word.byteLength, changetype<usize>(text), text.byteLength);
}

/** Written even when the call fails. */
export function log(level: Level, message: string): void {
  let text = String.UTF8.encode(message);
  hostLog(level, changetype<usize>(text), text.byteLength);
}

/** In `save`: what the next guest of this device gets in `restore`. */
export function keepState(state: ArrayBuffer): void {
  hostState(changetype<usize>(state), state.byteLength);
}
