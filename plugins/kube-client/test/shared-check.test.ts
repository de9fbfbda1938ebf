import { FakeClock, SeededRandom } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { SharedCheck } from "../src/watch/shared-check.ts";

const never = () => new AbortController().signal;

/** Checks that take a while, of which the first few fail. */
function checks({ takesMs = 10, failures = 0 } = {}) {
  const clock = new FakeClock();
  const begun: number[] = [];
  const problems: unknown[] = [];
  const shared = new SharedCheck({
    clock,
    random: new SeededRandom(),
    check: async () => {
      begun.push(clock.monotonic());
      await clock.sleep(takesMs);
      if (begun.length <= failures) throw new Error("not now");
    },
    failed: (problem) => problems.push(problem),
  });
  return { clock, begun, problems, shared };
}

describe("a shared check", () => {
  it("is one for all who ask at once, and one more for those who come while it runs", async () => {
    const { clock, begun, shared } = checks();
    const done: string[] = [];
    for (let index = 0; index < 5_000; index += 1) void shared.next(never()).then(() => done.push("first"));
    await clock.advance(5);
    for (let index = 0; index < 5_000; index += 1) void shared.next(never()).then(() => done.push("second"));
    await clock.advance(5);
    expect([begun.length, done.length, done.at(-1)]).toEqual([1, 5_000, "first"]);
    await clock.advance(1_000);
    expect([begun.length, done.length, done.at(-1)]).toEqual([2, 10_000, "second"]);
  });

  it("leaves pauses that grow with what it costs, and none before the first", async () => {
    const { clock, begun, shared } = checks({ takesMs: 500 });
    const start = clock.monotonic();
    for (let index = 0; index < 100; index += 1) {
      void shared.next(never());
      await clock.advance(100);
    }
    expect(begun.map((at) => at - start)).toEqual([0, 2_500, 5_000, 7_500, 10_000]);
  });

  it("that fails is made again, with longer and longer pauses, for those who have come meanwhile too", async () => {
    const { clock, begun, problems, shared } = checks({ failures: 3 });
    const done: string[] = [];
    void shared.next(never()).then(() => done.push("early"));
    await clock.advance(10);
    void shared.next(never()).then(() => done.push("late"));
    await clock.advance(60_000);
    expect([begun.length, problems.length, done]).toEqual([4, 3, ["early", "late"]]);
  });

  it("is not waited for by who gives up, and ends with its owner", async () => {
    const { clock, begun, shared } = checks({ failures: 100 });
    const given = new AbortController();
    const [gives, waits] = [shared.next(given.signal), shared.next(never())];
    const rejected = expect(Promise.all([expect(gives).rejects.toThrow("enough"), waits])).rejects.toThrow("stopping");
    given.abort(new Error("enough"));
    await clock.advance(1_000);
    shared[Symbol.dispose]();
    await rejected;
    const sofar = begun.length;
    await clock.advance(60_000);
    expect([begun.length, clock.pending]).toEqual([sofar, 0]);
    await expect(shared.next(never())).rejects.toThrow("stopping");
  });
});
