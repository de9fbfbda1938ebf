import type { DesiredEntries, DesiredEntry, RequestId } from "./desired-entries.ts";

/** What follows from a change of the desired values, in this order, once the change is durable. */
export type DesiredEffect =
  | { readonly type: "publish"; readonly property: string; readonly entry: DesiredEntry }
  | { readonly type: "clear"; readonly property: string }
  /** `version`: of the value that was asked for. */
  | { readonly type: "answer"; readonly property: string; readonly version: string; readonly answer: SetAnswer }
  | { readonly type: "drive"; readonly property: string };

/** The payload of `…/result/<property>`. */
export interface SetAnswer {
  readonly id?: RequestId;
  readonly state: "pending" | "applied" | "rejected" | "expired";
  readonly reason?: string;
}

/** Compares two states of the desired values. It knows nothing of how one became the other. */
export function desiredEffects(before: DesiredEntries, after: DesiredEntries): DesiredEffect[] {
  const effects: DesiredEffect[] = [];
  for (const [property, old] of before) {
    if (after.has(property)) continue;
    effects.push({ type: "clear", property }, ...expired(property, old, "it was removed in the cloud"));
  }
  for (const [property, entry] of after) {
    const old = before.get(property);
    if (old === entry) continue;
    effects.push({ type: "publish", property, entry });
    const isNew = old?.version !== entry.version;
    if (isNew && old !== undefined) effects.push(...expired(property, old, "a newer value replaced it"));
    if (entry.request !== undefined && (isNew || old.state !== entry.state)) {
      effects.push({ type: "answer", property, version: entry.version, answer: answerOf(entry) });
    }
    if (entry.state === "pending" && (isNew || old.state !== "pending")) effects.push({ type: "drive", property });
  }
  return effects;
}

/** Whoever asked for a value that never came to an outcome is told. */
function expired(property: string, entry: DesiredEntry, reason: string): DesiredEffect[] {
  if (entry.request === undefined || entry.state !== "pending") return [];
  const answer: SetAnswer = { ...entry.request, state: "expired", reason };
  return [{ type: "answer", property, version: entry.version, answer }];
}

function answerOf({ request, state, reason }: DesiredEntry): SetAnswer {
  return { ...request, state, ...(reason === undefined ? {} : { reason }) };
}
