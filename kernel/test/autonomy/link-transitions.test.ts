import type { LinkReason, LinkStatus } from "@skerry/contracts";
import { FakeClock, RecordingLogger } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { LinkStateBoard } from "../../src/autonomy/link-state-board.ts";
import { firstLinkStatus, type LinkEvent, nextLinkStatus, transitions } from "../../src/autonomy/link-transitions.ts";
import { causeOfClose, causeOfFailure } from "../../src/link/edge/link-cause.ts";
import { closeCodes } from "../../src/link/wire/close-codes.ts";

const cause = { code: "silent", reason: "no word", advice: "wait" } as const;
const events: Record<LinkEvent["type"], LinkEvent> = {
  attempt: { type: "attempt" },
  failed: { type: "failed", cause: { code: "unreachable", reason: "nobody there" } },
  welcomed: { type: "welcomed", peer: "cloud:1" },
  synced: { type: "synced", peer: "cloud:1" },
  ended: { type: "ended", cause },
  stopping: { type: "stopping" },
};
const states = ["offline", "resyncing", "online"] as const;
const inState = (state: LinkStatus["state"]): LinkStatus => ({ state, since: 1, reason: "before", code: "lost" });

describe("the state of a link", () => {
  it.each<[LinkStatus["state"], LinkEvent["type"], LinkStatus["state"], LinkReason]>([
    ["offline", "attempt", "offline", "lost"],
    ["offline", "failed", "offline", "unreachable"],
    ["offline", "welcomed", "resyncing", "resync"],
    ["offline", "synced", "offline", "lost"],
    ["offline", "ended", "offline", "silent"],
    ["offline", "stopping", "offline", "stopping"],
    ["resyncing", "attempt", "resyncing", "lost"],
    ["resyncing", "failed", "resyncing", "lost"],
    ["resyncing", "welcomed", "resyncing", "lost"],
    ["resyncing", "synced", "online", "connected"],
    ["resyncing", "ended", "offline", "silent"],
    ["resyncing", "stopping", "offline", "stopping"],
    ["online", "attempt", "online", "lost"],
    ["online", "failed", "online", "lost"],
    ["online", "welcomed", "online", "lost"],
    ["online", "synced", "online", "lost"],
    ["online", "ended", "offline", "silent"],
    ["online", "stopping", "offline", "stopping"],
  ])("%s, then %s, is %s because of %s", (from, event, to, code) => {
    const next = nextLinkStatus(inState(from), events[event], 5);
    expect(next).toMatchObject({ state: to, code, since: from === to ? 1 : 5 });
    if (transitions[event][from] === undefined) expect(next).toEqual(inState(from));
  });

  it("is online only after resyncing, whatever happens in whatever order", () => {
    let status = firstLinkStatus(0);
    const seen = new Set<string>();
    let seed = 7;
    for (let step = 0; step < 5_000; step += 1) {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      const names = ["attempt", "failed", "welcomed", "synced", "ended"] as const;
      const next = nextLinkStatus(status, events[names[seed % names.length] ?? "attempt"], step);
      if (next.state !== status.state) seen.add(`${status.state} ${next.state}`);
      status = next;
    }
    expect([...seen].sort()).toEqual(["offline resyncing", "online offline", "resyncing offline", "resyncing online"]);
  });

  it("counts attempts since it is offline, and keeps when it last was online", () => {
    let status = firstLinkStatus(0);
    const steps: [LinkEvent["type"], number][] = [
      ["attempt", 1],
      ["welcomed", 2],
      ["synced", 3],
      ["ended", 40],
      ["attempt", 41],
      ["failed", 42],
      ["attempt", 43],
      ["failed", 44],
    ];
    for (const [event, now] of steps) status = nextLinkStatus(status, events[event], now);
    expect(status).toEqual({
      state: "offline",
      since: 40,
      lastOnline: 40,
      attempts: 2,
      code: "unreachable",
      reason: "nobody there",
    });
    for (const state of states)
      expect(nextLinkStatus(nextLinkStatus(inState(state), { type: "stopping" }, 9), events.ended, 10).code).toBe(
        "stopping",
      );
  });
});

describe("why a link ended", () => {
  it.each<[number, LinkReason, boolean]>([
    [closeCodes.version, "version", true],
    [closeCodes.identity, "identity", true],
    [closeCodes.silent, "silent", true],
    [closeCodes.replaced, "replaced", true],
    [closeCodes.goingAway, "lost", false],
    [1006, "lost", false],
  ])("close code %i is %s", (close, code, hasAdvice) => {
    const found = causeOfClose(close, "");
    expect(found).toMatchObject({ code, reason: `the connection ended: without a reason (${close})` });
    expect(found.advice !== undefined).toBe(hasAdvice);
  });

  it.each<[string, LinkReason]>([
    ["SKERRY_TRANSPORT_UNREACHABLE", "unreachable"],
    ["SKERRY_TRANSPORT_REFUSED", "refused"],
    ["SKERRY_TRANSPORT_UNTRUSTED", "untrusted"],
  ])("%s is %s, with the advice of the error", (errorCode, code) => {
    const error = Object.assign(new Error("why"), { code: errorCode });
    expect(causeOfFailure(error)).toMatchObject({ code, reason: "why" });
  });
});

describe("the board of the link's state", () => {
  it("tells changes once, never attempts, and outlives a watcher that fails", () => {
    const logger = new RecordingLogger();
    const board = new LinkStateBoard(new FakeClock(), logger);
    const told: string[] = [];
    board.watch(() => {
      throw new Error("broken");
    });
    const watch = board.watch(({ state, code }) => told.push(`${state} ${code}`));
    for (const event of ["attempt", "failed", "attempt", "failed", "welcomed", "synced", "ended"] as const) {
      board.happened(events[event]);
    }
    watch[Symbol.dispose]();
    board.happened({ type: "stopping" });
    expect(told).toEqual(["offline unreachable", "resyncing resync", "online connected", "offline silent"]);
    expect(logger.records.every(({ level }) => level === "error")).toBe(true);
  });
});
