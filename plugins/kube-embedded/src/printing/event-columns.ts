import type { JsonObject, JsonValue } from "../kinds.ts";
import type { Column } from "./column.ts";
import { ageOf } from "./human-duration.ts";
import { memberAt, textAt } from "./member-at.ts";
import { textColumn } from "./text-column.ts";

/** Of an Event in either group: `events.k8s.io` has other names for the older members. */
export const eventColumns: readonly Column[] = [
  textColumn("Last Seen", "Time when this event was last observed", lastSeen),
  textColumn("Type", "Type of this event (Normal, Warning)", (event) => textAt(event, "type")),
  textColumn("Reason", "Reason of this event", (event) => textAt(event, "reason")),
  textColumn("Object", "Object associated with this event", aboutOf),
  textColumn(
    "Subobject",
    "Subobject associated with this event",
    (event) => textAt(aboutObject(event), "fieldPath"),
    1,
  ),
  textColumn("Source", "Source of the event", sourceOf, 1),
  textColumn("Message", "Message describing this event", (event) =>
    (textAt(event, "message") || textAt(event, "note")).trim(),
  ),
  textColumn("First Seen", "Time when this event was first observed", firstSeen, 1),
  {
    definition: {
      name: "Count",
      type: "string",
      format: "",
      description: "Number of times this event was observed",
      priority: 1,
    },
    cell: countOf,
  },
  textColumn("Name", "Name of the event", (event) => textAt(event, "metadata", "name"), 1),
];

function aboutObject(event: JsonObject): JsonObject {
  return (memberAt(event, "involvedObject") ?? memberAt(event, "regarding") ?? {}) as JsonObject;
}

function aboutOf(event: JsonObject): string {
  const about = aboutObject(event);
  const kind = textAt(about, "kind").toLowerCase();
  const name = textAt(about, "name");
  return name === "" ? kind : `${kind}/${name}`;
}

function sourceOf(event: JsonObject): string {
  const source = (memberAt(event, "source") ?? memberAt(event, "deprecatedSource") ?? {}) as JsonObject;
  const component =
    textAt(source, "component") || textAt(event, "reportingComponent") || textAt(event, "reportingController");
  const host = textAt(source, "host") || textAt(event, "reportingInstance");
  return host === "" ? component : `${component}, ${host}`;
}

function firstSeen(event: JsonObject, now: Date): string {
  const first = memberAt(event, "firstTimestamp") ?? memberAt(event, "deprecatedFirstTimestamp");
  return ageOf(first ?? memberAt(event, "eventTime"), now);
}

function lastSeen(event: JsonObject, now: Date): string {
  const inSeries = memberAt(event, "series", "lastObservedTime");
  const last = inSeries ?? memberAt(event, "lastTimestamp") ?? memberAt(event, "deprecatedLastTimestamp");
  return last === undefined || last === null ? firstSeen(event, now) : ageOf(last, now);
}

function countOf(event: JsonObject): JsonValue {
  const count = memberAt(event, "series", "count") ?? memberAt(event, "count") ?? memberAt(event, "deprecatedCount");
  return typeof count === "number" && count > 0 ? count : 1;
}
