import { describe, expect, it } from "vitest";
import { clockContract, FakeClock } from "../src/index.ts";

clockContract({
  name: "FakeClock",
  open: () => {
    const clock = new FakeClock();
    return { clock, pass: (ms) => clock.advance(ms) };
  },
});

describe("FakeClock", () => {
  it("stands still by itself", () => {
    const clock = new FakeClock(1_000);
    expect([clock.now(), clock.monotonic()]).toEqual([1_000, 0]);
  });

  it("runs what falls due in order, also what callbacks add, and not beyond the end", async () => {
    const clock = new FakeClock();
    const calls: string[] = [];
    const note = (what: string) => calls.push(`${what} at ${clock.monotonic()}`);
    clock.after(30, () => note("c"));
    clock.after(10, () => {
      note("a");
      clock.after(10, () => note("b"));
      clock.after(100, () => note("never"));
    });
    await clock.advance(50);
    expect(calls).toEqual(["a at 10", "b at 20", "c at 30"]);
    expect([clock.monotonic(), clock.pending]).toEqual([50, 1]);
  });

  it("lets promises settle between timers", async () => {
    const clock = new FakeClock();
    const times: number[] = [];
    const loop = (async () => {
      for (let round = 0; round < 3; round += 1) {
        await clock.sleep(10);
        await Promise.resolve();
        times.push(clock.monotonic());
      }
    })();
    await clock.advance(30);
    await loop;
    expect(times).toEqual([10, 20, 30]);
  });

  it("jumps its wall clock without touching timers", async () => {
    const clock = new FakeClock(5_000);
    let called = 0;
    clock.after(10, () => (called += 1));
    await clock.advance(5);
    clock.setWall(0);
    expect([clock.now(), clock.monotonic(), called]).toEqual([0, 5, 0]);
    await clock.advance(5);
    expect([clock.now(), clock.monotonic(), called]).toEqual([5, 10, 1]);
  });

  it("leaves no timer behind an aborted sleep", async () => {
    const clock = new FakeClock();
    const abort = new AbortController();
    const sleeping = clock.sleep(10, abort.signal);
    abort.abort(new Error("over"));
    await expect(sleeping).rejects.toThrow("over");
    expect(clock.pending).toBe(0);
  });
});
