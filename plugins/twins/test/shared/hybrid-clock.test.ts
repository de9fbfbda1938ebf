import { FakeClock } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { farAheadMs, HybridClock, laterVersion, originOf, parseVersion } from "../../src/shared/hybrid-clock.ts";

const t0 = Date.UTC(2026, 0, 1);

describe("hybrid clock", () => {
  it("makes versions that follow the wall clock and sort in the order they were made", async () => {
    const clock = new FakeClock();
    const hybrid = new HybridClock(clock, "edge-1");
    const versions = [hybrid.next(), hybrid.next()];
    await clock.advance(5);
    versions.push(hybrid.next());
    expect(versions).toEqual([
      "001767225600000.00000.edge-1",
      "001767225600000.00001.edge-1",
      "001767225600005.00000.edge-1",
    ]);
    expect([...versions].sort()).toEqual(versions);
  });

  it("goes on when the wall clock jumps back, and when the counter is used up", () => {
    const clock = new FakeClock();
    const hybrid = new HybridClock(clock, "a");
    const before = hybrid.next();
    clock.setWall(0);
    expect(hybrid.next() > before).toBe(true);
    hybrid.trust("001767225600000.99999.b");
    expect(hybrid.next()).toBe("001767225600001.00000.a");
  });

  it("is later than what it trusted and than the floor", () => {
    const hybrid = new HybridClock(new FakeClock(), "a");
    hybrid.trust("001767225609999.00007.b");
    hybrid.trust("001767225609999.00003.c");
    expect(hybrid.next()).toBe("001767225609999.00008.a");
    expect(hybrid.next("001767225700000.00000.z")).toBe("001767225700000.00001.a");
  });

  it("receives versions of others up to a day ahead of all it knows", () => {
    const clock = new FakeClock();
    const hybrid = new HybridClock(clock, "cloud");
    const at = (ms: number) => `${String(ms).padStart(15, "0")}.00000.edge-1`;
    expect(hybrid.receive(at(t0 + farAheadMs))).toBe(true);
    expect(hybrid.receive(at(t0 + farAheadMs * 3))).toBe(false);
    expect(hybrid.next() < at(t0 + farAheadMs * 2)).toBe(true);
    clock.setWall(0);
    expect(hybrid.receive(at(t0 + farAheadMs))).toBe(true);
    expect(hybrid.receive("yesterday")).toBe(false);
  });

  it("reads versions and refuses other texts", () => {
    expect(parseVersion("001767225600000.00001.edge-1")).toEqual({ ms: t0, counter: 1, origin: "edge-1" });
    for (const text of ["", "1.2.a", "001767225600000.00001.", "999999999999999.00000.a", "001767225600000.00001.A"]) {
      expect(parseVersion(text), text).toBeUndefined();
    }
    expect(originOf("nonsense")).toBe("");
    expect(laterVersion(undefined, "b")).toBe("b");
    expect(laterVersion("c", "b")).toBe("c");
  });
});
