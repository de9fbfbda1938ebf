import type { DesiredValue, DeviceModel, DeviceStatus } from "@skerry/contracts";
import { describe, expect, it } from "vitest";
import { desiredEffects } from "../../src/edge/desired-effects.ts";
import { type DesiredEntries, type DesiredEntry, followDevice, settleEntry } from "../../src/edge/desired-entries.ts";
import { demoModel, meter, modelWithMaximum, version } from "../demo-meter.ts";

const at = "2026-01-01T00:00:00.000Z";
const later = "2026-01-01T00:00:09.000Z";

const value = (ms: number, more: Partial<DesiredEntry> = {}): DesiredEntry => ({
  value: ms,
  state: "pending",
  at,
  origin: "cloud",
  version: version(ms),
  ...more,
});
const own = (ms: number, more: Partial<DesiredEntry> = {}) =>
  value(ms, { origin: "edge-1", version: version(ms, "edge-1"), ...more });

interface Case {
  readonly mine?: DesiredEntry;
  readonly theirs?: DesiredValue;
  readonly removed?: string;
  readonly model?: DeviceModel | "none";
  readonly retry?: boolean;
  readonly becomes: Partial<DesiredEntry> | undefined;
}

const cases: readonly (readonly [string, Case])[] = [
  ["a value of the cloud is taken", { theirs: value(5), becomes: value(5) }],
  [
    "a settled value of the cloud is taken as it is",
    { theirs: value(5, { state: "applied" }), becomes: { state: "applied" } },
  ],
  ["a newer value of the cloud replaces", { mine: own(5), theirs: value(6), becomes: value(6) }],
  ["an older value of the cloud does not", { mine: own(5), theirs: value(4), becomes: own(5) }],
  [
    "one that overrules does, though older",
    { mine: own(9), theirs: value(5, { overrules: own(9).version }), becomes: { value: 5 } },
  ],
  [
    "the own state of a version stays",
    { mine: value(5), theirs: value(5, { state: "rejected" }), becomes: { state: "pending" } },
  ],
  ["a value of the cloud that is no longer there goes", { mine: value(5, { state: "applied" }), becomes: undefined }],
  [
    "a value of another node that is no longer there goes",
    { mine: value(5, { version: version(5, "edge-2") }), becomes: undefined },
  ],
  ["an own value that the cloud does not have yet stays", { mine: own(5), becomes: own(5) }],
  ["an own value that was removed goes", { mine: own(5), removed: own(5).version, becomes: undefined }],
  ["an own value newer than the removed one stays", { mine: own(6), removed: own(5).version, becomes: own(6) }],
  [
    "a value that does not fit is rejected",
    { theirs: value(90), becomes: { state: "rejected", reason: "90 is above the maximum 80 A" } },
  ],
  ["without a model nothing is judged", { theirs: value(90), model: "none", becomes: { state: "pending" } }],
  [
    "a rejection stays",
    { mine: value(5, { state: "rejected", reason: "no" }), theirs: value(5), becomes: { reason: "no" } },
  ],
  [
    "a rejection is tried again with another model",
    {
      mine: value(90, { state: "rejected", reason: "90 is above the maximum 80 A" }),
      theirs: value(90),
      model: modelWithMaximum(100),
      retry: true,
      becomes: { state: "pending", at: later },
    },
  ],
  [
    "what no longer fits another model is rejected",
    {
      mine: value(50, { state: "applied" }),
      theirs: value(50),
      model: modelWithMaximum(40),
      retry: true,
      becomes: { state: "rejected" },
    },
  ],
];

describe("following a Device", () => {
  it.each(cases)("%s", (_, { mine, theirs, removed, model = demoModel, retry = false, becomes }) => {
    const status: DeviceStatus = {
      ...(theirs === undefined ? {} : { desired: { limit: theirs } }),
      ...(removed === undefined ? {} : { removedDesired: { limit: removed } }),
    };
    const before: DesiredEntries = new Map(mine === undefined ? [] : [["limit", mine]]);
    const judge = { node: "edge-1", model: model === "none" ? undefined : model, retry, at: later };
    const after = followDevice(before, meter({ status }), judge);
    if (becomes === undefined) expect(after.get("limit")).toBeUndefined();
    else expect(after.get("limit")).toMatchObject(becomes);
    expect(followDevice(after, meter({ status }), { ...judge, retry: false })).toBe(after);
  });

  it("gives each new state a later time, also when the clock went back", () => {
    const before: DesiredEntries = new Map([["limit", value(5, { at: later })]]);
    const after = settleEntry(before, "limit", version(5), { state: "applied" }, at);
    expect(after.get("limit")).toMatchObject({ state: "applied", at: "2026-01-01T00:00:09.001Z" });
    expect(settleEntry(after, "limit", version(5), { state: "applied" }, later)).toBe(after);
    expect(settleEntry(after, "limit", version(4), { state: "rejected", reason: "" }, later)).toBe(after);
  });
});

describe("the effects of a change", () => {
  const kinds = (before?: DesiredEntry, after?: DesiredEntry) => {
    const entries = (entry?: DesiredEntry): DesiredEntries => new Map(entry === undefined ? [] : [["limit", entry]]);
    return desiredEffects(entries(before), entries(after)).map((effect) =>
      effect.type === "answer" ? `answer ${effect.answer.state}` : effect.type,
    );
  };
  const asked = { request: { id: 1 } };

  it.each<[string, DesiredEntry | undefined, DesiredEntry | undefined, string[]]>([
    ["nothing", value(5), undefined, ["clear"]],
    ["a new value", undefined, value(5), ["publish", "drive"]],
    ["a new value that was asked for", undefined, own(5, asked), ["publish", "answer pending", "drive"]],
    ["an outcome", own(5, asked), own(5, { ...asked, state: "applied" }), ["publish", "answer applied"]],
    ["an outcome of the cloud's value", value(5), value(5, { state: "applied" }), ["publish"]],
    ["a value that replaces one asked for", own(5, asked), value(6), ["publish", "answer expired", "drive"]],
    ["a value that replaces a settled one", own(5, { ...asked, state: "applied" }), value(6), ["publish", "drive"]],
    ["a removal of one asked for", own(5, asked), undefined, ["clear", "answer expired"]],
    ["another try", value(5, { state: "rejected" }), value(5), ["publish", "drive"]],
    ["a value rejected from the start", undefined, value(5, { state: "rejected" }), ["publish"]],
  ])("to %s", (_, before, after, effects) => {
    expect(kinds(before, after)).toEqual(effects);
  });

  it("are none when nothing changed", () => {
    const entry = value(5);
    expect(kinds(entry, entry)).toEqual([]);
  });
});
