// The exports of ABI v0, for an entry file to pass on: export * from "@skerry/mapper/guest/exports".
import { Device } from "./device";
import { keepState } from "./effects";
import { event, eventTail, receiveEvent } from "./event";
import { collectGarbage } from "./garbage";
import { Desire, theMapper } from "./mapper";
import { Value } from "./value";

export function skerry_abi_v0(): void {}

export function start(): i32 {
  receiveEvent();
  theMapper().start(new Device(event));
  return collectGarbage();
}

export function on_open(): i32 {
  receiveEvent();
  theMapper().onOpen(event.u32le(0));
  return collectGarbage();
}

export function on_bytes(): i32 {
  receiveEvent();
  theMapper().onBytes(event.u32le(0), eventTail(4));
  return collectGarbage();
}

export function on_close(): i32 {
  receiveEvent();
  theMapper().onClose(event.u32le(0), event.text(4));
  return collectGarbage();
}

export function on_timer(): i32 {
  receiveEvent();
  theMapper().onTimer(event.u32le(0));
  return collectGarbage();
}

export function on_desired(): i32 {
  receiveEvent();
  theMapper().onDesired(new Desire(event.u32le(0), event.u32le(4), new Value(eventTail(8))));
  return collectGarbage();
}

export function save(): i32 {
  let state = theMapper().save();
  if (state) keepState(state);
  return collectGarbage();
}

export function restore(): i32 {
  receiveEvent();
  theMapper().restore(event.copy(0));
  return collectGarbage();
}
