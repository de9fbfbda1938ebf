import type { DesiredValue, DesireOutcome, Device, DeviceModel, DeviceProperty } from "@skerry/contracts";
import { laterVersion, originOf } from "../shared/hybrid-clock.ts";
import { mergeDesired } from "../shared/merge-desired.ts";
import { refuseDesired } from "../shared/property-value.ts";

/** What a client gave along with a set message, to recognise the answer. */
export type RequestId = string | number;

/** A desired value as the edge keeps it. */
export interface DesiredEntry extends DesiredValue {
  /** Present when it was set over MQTT or the command line: its outcome is answered to whoever asked. */
  readonly request?: { readonly id?: RequestId };
}

/** By property. */
export type DesiredEntries = ReadonlyMap<string, DesiredEntry>;

/**
 * Brings the entries of a device in step with its Device object and its model. It looks only at the state of
 * both, so it may be called at any time and any number of times.
 *
 * @param model `undefined` while it is not on this node: values then wait unjudged
 * @param retry the model changed since the entries were judged: what was rejected is tried again
 * @param at the time new states get, RFC 3339
 */
export function followDevice(
  entries: DesiredEntries,
  device: Device,
  { node, model, retry, at }: { node: string; model: DeviceModel | undefined; retry: boolean; at: string },
): DesiredEntries {
  const held = device.status?.desired ?? {};
  const removed = device.status?.removedDesired ?? {};
  const next = new Map<string, DesiredEntry>();
  for (const [property, entry] of entries) {
    if (!isRemoved(entry, ownMember(held, property), ownMember(removed, property), node)) next.set(property, entry);
  }
  for (const [property, theirs] of Object.entries(held)) {
    const mine = next.get(property);
    // How far a version has got is known best where the device is.
    if (mine?.version === theirs.version) continue;
    const gone = ownMember(removed, property);
    if (gone !== undefined && gone >= theirs.version) continue;
    if (mine === undefined || mergeDesired(mine, theirs) === theirs) next.set(property, theirs);
  }
  for (const [property, entry] of next) next.set(property, judge(property, entry, model, retry, at));
  return sameEntries(entries, next) ? entries : next;
}

/** A value set on this node, already found to fit. `version` must be later than that of the entry it replaces. */
export function setHere(
  entries: DesiredEntries,
  property: string,
  entry: Omit<DesiredEntry, "state" | "reason">,
): DesiredEntries {
  return new Map(entries).set(property, { ...entry, state: "pending" });
}

/** The outcome a driver gave. An outcome for another version than the present one changes nothing. */
export function settleEntry(
  entries: DesiredEntries,
  property: string,
  version: string,
  outcome: DesireOutcome,
  at: string,
): DesiredEntries {
  const entry = entries.get(property);
  if (entry === undefined || entry.version !== version) return entries;
  const reason = outcome.state === "rejected" ? outcome.reason : undefined;
  const settled = withState(entry, outcome.state, reason, at);
  return settled === entry ? entries : new Map(entries).set(property, settled);
}

/** The version that a value set here must be later than. */
export function versionFloor(entry: DesiredEntry | undefined): string | undefined {
  return laterVersion(entry?.version, entry?.overrules);
}

/** The version of the cloud that this node knows of a property, also under values that were set here since. */
export function knownFromCloud(entry: DesiredEntry | undefined, node: string): string | undefined {
  return entry !== undefined && originOf(entry.version) === node ? entry.overrules : entry?.version;
}

export function propertyOf(model: DeviceModel | undefined, name: string): DeviceProperty | undefined {
  return model?.spec.properties.find((property) => property.name === name);
}

function isRemoved(entry: DesiredEntry, held: DesiredValue | undefined, removed: string | undefined, node: string) {
  if (removed !== undefined && removed >= entry.version) return true;
  // A value from elsewhere came with the Device; when the Device no longer has the property, it was removed there.
  return held === undefined && originOf(entry.version) !== node;
}

function judge(
  property: string,
  entry: DesiredEntry,
  model: DeviceModel | undefined,
  retry: boolean,
  at: string,
): DesiredEntry {
  if (model === undefined || entry.state === "expired") return entry;
  const found = propertyOf(model, property);
  const reason =
    found === undefined ? `the model ${model.metadata.name} has no property ${property}` : refuse(found, entry);
  if (reason !== undefined) return withState(entry, "rejected", reason, at);
  return retry && entry.state === "rejected" ? withState(entry, "pending", undefined, at) : entry;
}

const refuse = (property: DeviceProperty, entry: DesiredEntry) => refuseDesired(property, entry.value);

/** The entry in another state, which is always later than the one before, also when the clock went back. */
function withState(
  entry: DesiredEntry,
  state: DesiredValue["state"],
  reason: string | undefined,
  at: string,
): DesiredEntry {
  if (entry.state === state && entry.reason === reason) return entry;
  const { reason: _, ...rest } = entry;
  return { ...rest, state, at: laterTime(at, entry.at), ...(reason === undefined ? {} : { reason }) };
}

function laterTime(at: string, before: string): string {
  const earliest = Date.parse(before) + 1;
  return Number.isNaN(earliest) || Date.parse(at) >= earliest ? at : new Date(earliest).toISOString();
}

function ownMember<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function sameEntries(a: DesiredEntries, b: DesiredEntries): boolean {
  return a.size === b.size && [...a].every(([property, entry]) => b.get(property) === entry);
}
