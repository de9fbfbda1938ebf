import type { DesiredValue, Device, JsonValue } from "@skerry/contracts";
import { cloudOrigin, type HybridClock, laterVersion, originOf } from "../shared/hybrid-clock.ts";
import { mergeDesired } from "../shared/merge-desired.ts";
import { sameJson } from "../shared/same-json.ts";
import type { TwinReport } from "../shared/twin-report.ts";

/** What the desired values of a Device are to be. */
export interface DesiredPlan {
  readonly spec: ReadonlyMap<string, JsonValue>;
  readonly desired: ReadonlyMap<string, DesiredValue>;
  readonly removed: ReadonlyMap<string, string>;
}

export interface PlanContext {
  readonly versions: HybridClock;
  /** RFC 3339. */
  readonly now: string;
  /** Whose report it is. */
  readonly node?: string;
}

/**
 * Brings `spec.desired`, `status.desired` and what an edge reports in step. It knows nothing of how they came
 * apart: a value in the spec that the status does not have was set in the cloud, one that only the status has
 * was removed in the cloud, and a report may hold values that were set at the edge. The newest wins.
 */
export function planDesired(device: Device, report: TwinReport | undefined, context: PlanContext): DesiredPlan {
  const spec = new Map(Object.entries(device.spec.desired ?? {}));
  const desired = new Map(Object.entries(device.status?.desired ?? {}));
  const removed = new Map(Object.entries(device.status?.removedDesired ?? {}));
  const plan = { spec, desired, removed };
  stampCloudChanges(plan, report, context);
  noteRemovals(plan);
  if (report !== undefined) takeReport(plan, report, context);
  return plan;
}

interface Draft {
  readonly spec: Map<string, JsonValue>;
  readonly desired: Map<string, DesiredValue>;
  readonly removed: Map<string, string>;
}

function stampCloudChanges(draft: Draft, report: TwinReport | undefined, { versions, now, node }: PlanContext): void {
  for (const [property, wanted] of draft.spec) {
    const value = withoutNullMembers(wanted);
    if (value === null) {
      draft.spec.delete(property);
      continue;
    }
    const held = draft.desired.get(property);
    if (held !== undefined && sameJson(held.value, value)) continue;
    // The spec was written for the edge's value, and the status was not yet: takeReport completes that.
    const theirs = ownMember(report?.desired, property);
    const isTheirs = theirs !== undefined && originOf(theirs.version) === node && sameJson(theirs.value, value);
    if (isTheirs && wins(theirs, held) && theirs.version > (draft.removed.get(property) ?? "")) continue;

    const floor = laterVersion(laterVersion(held?.version, held?.overrules), draft.removed.get(property));
    const overrules = held?.overrules;
    draft.removed.delete(property);
    draft.desired.set(property, {
      value,
      state: "pending",
      at: now,
      origin: cloudOrigin,
      version: versions.next(floor),
      ...(overrules === undefined ? {} : { overrules }),
    });
  }
}

function noteRemovals({ spec, desired, removed }: Draft): void {
  for (const [property, held] of desired) {
    if (spec.has(property)) continue;
    desired.delete(property);
    const edge = originOf(held.version) === cloudOrigin ? held.overrules : laterVersion(held.version, held.overrules);
    const version = laterVersion(edge, removed.get(property));
    if (version !== undefined) removed.set(property, version);
  }
}

function takeReport(draft: Draft, report: TwinReport, { versions, now, node }: PlanContext): void {
  const { spec, desired, removed } = draft;
  for (const property of removed.keys()) if (!Object.hasOwn(report.desired, property)) removed.delete(property);
  for (const [property, theirs] of Object.entries(report.desired)) {
    const held = desired.get(property);
    if (held?.version === theirs.version) {
      desired.set(property, withStateOf(held, mergeDesired(held, theirs)));
      continue;
    }
    // Values of others reach the edge through this object only: an edge that still has one is behind.
    if (originOf(theirs.version) !== node || theirs.version <= (removed.get(property) ?? "")) continue;
    if (!wins(theirs, held)) continue;
    const accepted = versions.receive(theirs.version) ? theirs : answerFarAhead(theirs, held, versions, now);
    desired.set(property, accepted);
    spec.set(property, accepted.value);
    removed.delete(property);
  }
}

/**
 * A version stamped by a clock that is far ahead would win for years. It loses to a value that is there, and is
 * taken when it stands alone, comes after one of the same node, or was set in the knowledge of what the cloud wishes;
 * either way under a version of this clock, which overrules the other. A wish that stands again is no new one: a node
 * that knew it once is not to lose what it set since because it has not heard of the repetition.
 */
function answerFarAhead(
  theirs: DesiredValue,
  held: DesiredValue | undefined,
  versions: HybridClock,
  now: string,
): DesiredValue {
  const wish = held?.repeats ?? held?.version;
  const isTaken =
    held === undefined || held.origin === originOf(theirs.version) || (theirs.overrules ?? "") >= (wish ?? "");
  const stays = isTaken ? theirs : { ...held, state: "pending" as const, at: now };
  const { reason: _, repeats: __, ...rest } = stays;
  const reason = isTaken && theirs.reason !== undefined ? { reason: theirs.reason } : {};
  const repeats = isTaken || wish === undefined ? {} : { repeats: wish };
  return { ...rest, ...reason, ...repeats, version: versions.next(held?.version), overrules: theirs.version };
}

function wins(theirs: DesiredValue, held: DesiredValue | undefined): boolean {
  return held === undefined || mergeDesired(held, theirs) === theirs;
}

function withStateOf({ reason: _, ...held }: DesiredValue, { state, reason, at }: DesiredValue): DesiredValue {
  return { ...held, state, at, ...(reason === undefined ? {} : { reason }) };
}

/** A merge patch cannot write a null member: what it would leave is compared, or the difference never ended. */
function withoutNullMembers(value: JsonValue): JsonValue {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([key, member]) => [key, withoutNullMembers(member)]));
}

function ownMember<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}
