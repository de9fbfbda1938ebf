import { type FieldError, isJsonObject, type JsonValue } from "../../kinds.ts";
import type { ApiObject } from "../api-object.ts";
import { invalidValue } from "../names.ts";
import { builtInKind } from "./built-in-kind.ts";
import { about, int32, kindSchema, objectReference, record, text, time } from "./schema-parts.ts";

/** How long an event is kept after it was last written, as in Kubernetes by default. */
export const eventLifetimeMs = 60 * 60 * 1000;
export const eventStorage = "/events";

const source = record({ component: text, host: text });
const series = record({ count: int32, lastObservedTime: time });
const shared = {
  reason: about(text, "The reason for the transition into the object's current status."),
  type: about(text, "Type of this event (Normal, Warning)."),
  eventTime: time,
  series,
  action: text,
  related: objectReference,
  reportingInstance: text,
};
const strategy = { createsOnUpdate: true, validate };

export const eventKind = builtInKind({
  kind: "Event",
  plural: "events",
  shortNames: ["ev"],
  namespaced: true,
  selectableFields: [
    ...["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"].map(
      (field) => `involvedObject.${field}`,
    ),
    "reason",
    "reportingComponent",
    "source",
    "type",
  ],
  schema: kindSchema("Event is a report of an event somewhere in the cluster.", {
    ...shared,
    involvedObject: about(objectReference, "The object that this event is about."),
    message: about(text, "A human-readable description of the status of this operation."),
    source,
    firstTimestamp: time,
    lastTimestamp: time,
    count: int32,
    reportingComponent: text,
  }),
  strategy,
});

/** What `events.k8s.io/v1` calls the members of the event which the core group stores. */
const newNames: ReadonlyMap<string, string> = new Map([
  ["involvedObject", "regarding"],
  ["message", "note"],
  ["source", "deprecatedSource"],
  ["firstTimestamp", "deprecatedFirstTimestamp"],
  ["lastTimestamp", "deprecatedLastTimestamp"],
  ["count", "deprecatedCount"],
  ["reportingComponent", "reportingController"],
]);
const oldNames: ReadonlyMap<string, string> = new Map([...newNames].map(([core, events]) => [events, core]));

export const newEventKind = builtInKind({
  group: "events.k8s.io",
  kind: "Event",
  plural: "events",
  shortNames: ["ev"],
  namespaced: true,
  storage: eventStorage,
  selectableFields: [
    ...["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"].map(
      (field) => `regarding.${field}`,
    ),
    "reason",
    "reportingController",
    "type",
  ],
  schema: kindSchema("Event is a report of an event somewhere in the cluster.", {
    ...shared,
    regarding: about(objectReference, "The object this Event is about."),
    note: about(text, "A human-readable description of the status of this operation."),
    deprecatedSource: source,
    deprecatedFirstTimestamp: time,
    deprecatedLastTimestamp: time,
    deprecatedCount: int32,
    reportingController: text,
  }),
  strategy,
  encode: (stored) => renamed({ ...stored, apiVersion: "events.k8s.io/v1" }, newNames),
  decode: (served) => renamed({ ...served, apiVersion: "v1" }, oldNames),
});

function renamed(object: ApiObject, names: ReadonlyMap<string, string>): ApiObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [names.get(key) ?? key, value])) as ApiObject;
}

/** An event lives in the namespace of what it is about; events about cluster-wide objects in `default`. */
function validate(object: ApiObject): readonly FieldError[] {
  const field = object["involvedObject"] === undefined ? "regarding" : "involvedObject";
  const about: JsonValue | undefined = object[field];
  const namespace = isJsonObject(about) && typeof about["namespace"] === "string" ? about["namespace"] : "";
  const allowed = namespace === "" ? "default" : namespace;
  if (object.metadata.namespace === allowed) return [];
  return [invalidValue(`${field}.namespace`, namespace, "does not match event.namespace")];
}

/** When an event was last heard of, in milliseconds; a clock that runs ahead cannot prolong its life. */
export function eventTouchedAt(event: ApiObject, now: number): number {
  const lastSeen = isJsonObject(event["series"]) ? event["series"]["lastObservedTime"] : undefined;
  const times = [event.metadata.creationTimestamp, event["lastTimestamp"], event["eventTime"], lastSeen]
    .map((value) => (typeof value === "string" ? Date.parse(value) : Number.NaN))
    .filter((value) => !Number.isNaN(value));
  return Math.min(now, Math.max(0, ...times));
}
