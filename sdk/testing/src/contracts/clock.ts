import type { Clock } from "@skerry/contracts";
import { describe, expect, it } from "vitest";

export interface ClockContractOptions {
  readonly name: string;
  readonly open: () => {
    readonly clock: Clock;
    /** Lets this much time pass, or a little more. */
    readonly pass: (ms: number) => Promise<void>;
  };
}

/** What every implementation of `Clock` promises. Takes well under a second of real time. */
export function clockContract({ name, open }: ClockContractOptions): void {
  describe(`clock contract: ${name}`, () => {
    it("has a wall clock and a monotonic one, which both go forward", async () => {
      const { clock, pass } = open();
      const wall = clock.now();
      const monotonic = clock.monotonic();
      await pass(20);
      expect(clock.monotonic() - monotonic).toBeGreaterThanOrEqual(20);
      expect(clock.now()).toBeGreaterThan(wall);
    });

    it("calls back once, and never too early", async () => {
      const { clock, pass } = open();
      const begun = clock.monotonic();
      const calls: number[] = [];
      for (const ms of [1, 5, 10, 15]) clock.after(ms, () => calls.push(clock.monotonic() - begun - ms));
      await pass(40);
      expect(calls).toHaveLength(4);
      expect(Math.min(...calls)).toBeGreaterThanOrEqual(0);
      await pass(20);
      expect(calls).toHaveLength(4);
    });

    it("calls back in the order of time, and never at once", async () => {
      const { clock, pass } = open();
      const calls: string[] = [];
      clock.after(20, () => calls.push("later"));
      clock.after(0, () => calls.push("soon"));
      clock.after(-5, () => calls.push("past"));
      expect(calls).toEqual([]);
      await pass(40);
      expect(calls.at(-1)).toBe("later");
      expect([...calls].sort()).toEqual(["later", "past", "soon"]);
    });

    it("does not call back what was cancelled, however often", async () => {
      const { clock, pass } = open();
      let calls = 0;
      const timer = clock.after(5, () => (calls += 1));
      timer[Symbol.dispose]();
      timer[Symbol.dispose]();
      const done = clock.after(1, () => (calls += 10));
      await pass(20);
      done[Symbol.dispose]();
      expect(calls).toBe(10);
    });

    it("takes a time of months", async () => {
      const { clock, pass } = open();
      let called = false;
      const timer = clock.after(90 * 24 * 3600 * 1000, () => {
        called = true;
      });
      await pass(20);
      timer[Symbol.dispose]();
      expect(called).toBe(false);
    });

    it("sleeps", async () => {
      const { clock, pass } = open();
      const begun = clock.monotonic();
      let slept = 0;
      const sleeping = clock.sleep(10).then(() => {
        slept = clock.monotonic() - begun;
      });
      await pass(30);
      await sleeping;
      expect(slept).toBeGreaterThanOrEqual(10);
    });

    it("ends a sleep with the signal's reason", async () => {
      const { clock } = open();
      const reason = new Error("enough");
      const abort = new AbortController();
      const sleeping = clock.sleep(60_000, abort.signal);
      abort.abort(reason);
      await expect(sleeping).rejects.toBe(reason);
      await expect(clock.sleep(60_000, abort.signal)).rejects.toBe(reason);
    });
  });
}
