import type { Condition, Device } from "@skerry/contracts";
import type { DeviceEvent } from "./event-recorder.ts";

/** The events that the change of a Device's status is worth. */
export function deviceTransitions(before: Device, after: Device): readonly DeviceEvent[] {
  return [...conditionEvents(before, after), ...desiredEvents(before, after)];
}

function conditionEvents(before: Device, after: Device): DeviceEvent[] {
  const events: DeviceEvent[] = [];
  const connected = transition(before, after, "Connected");
  if (connected?.status === "True") events.push({ type: "Normal", reason: "Connected", message: "the device answers" });
  if (connected?.status === "False")
    events.push({ type: "Warning", reason: "Disconnected", message: textOf(connected) });
  const mapper = transition(before, after, "MapperReady");
  if (mapper?.status === "False") events.push({ type: "Warning", reason: "MapperFailed", message: textOf(mapper) });
  const model = transition(before, after, "ModelFound");
  if (model?.status === "False") events.push({ type: "Warning", reason: "ModelMissing", message: textOf(model) });
  return events;
}

function desiredEvents(before: Device, after: Device): DeviceEvent[] {
  const events: DeviceEvent[] = [];
  const old = new Map(Object.entries(before.status?.desired ?? {}));
  for (const [property, { state, reason, value, version }] of Object.entries(after.status?.desired ?? {})) {
    const was = old.get(property);
    if (was?.state === state && was.version === version) continue;
    const text = `${property} = ${JSON.stringify(value).slice(0, 80)}`;
    if (state === "applied") events.push({ type: "Normal", reason: "DesiredApplied", message: text });
    if (state === "rejected") {
      events.push({ type: "Warning", reason: "DesiredRejected", message: `${text}: ${reason ?? "no reason given"}` });
    }
  }
  return events;
}

/** The condition, if its status is another than before. */
function transition(before: Device, after: Device, type: string): Condition | undefined {
  const [was, is] = [before, after].map(({ status }) => status?.conditions?.find((found) => found.type === type));
  return is?.status === was?.status ? undefined : is;
}

function textOf({ reason, message }: Condition): string {
  return message === "" ? reason : message;
}
