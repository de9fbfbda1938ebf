import { FakeClock, SeededRandom } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { Backoff } from "../../src/link/backoff.ts";
import { Admission } from "../../src/link/cloud/admission.ts";
import { closeCodes } from "../../src/link/wire/close-codes.ts";
import { longestRetryMs, retryAfter, tryAgainReason } from "../../src/link/wire/try-again.ts";

function setup(limits = { atOnce: 2, waiting: 3, waitMs: 1_000, turnMs: 60_000 }) {
  const clock = new FakeClock();
  const admission = new Admission(clock, new SeededRandom(5), limits);
  const told: string[] = [];
  const retries: number[] = [];
  const enter = (name: string) =>
    admission.enter({
      admitted: () => told.push(`${name} in`),
      refused: (retryMs) => {
        retries.push(retryMs);
        told.push(`${name} away`);
      },
    });
  return { clock, admission, told, retries, enter };
}

describe("admission", () => {
  it("lets so many in at once, and the next in the order they came", () => {
    const { told, enter } = setup();
    const [a, b, c] = ["a", "b", "c", "d"].map(enter);
    expect(told).toEqual(["a in", "b in"]);
    a?.[Symbol.dispose]();
    a?.[Symbol.dispose]();
    expect(told).toEqual(["a in", "b in", "c in"]);
    c?.[Symbol.dispose]();
    b?.[Symbol.dispose]();
    expect(told).toEqual(["a in", "b in", "c in", "d in"]);
  });

  it("sends away who would wait behind too many, and who waits too long, with a time to come back", async () => {
    const { clock, admission, told, retries, enter } = setup();
    for (const name of ["a", "b", "c", "d", "e", "f"]) enter(name);
    expect(told).toEqual(["a in", "b in", "f away"]);
    await clock.advance(1_000);
    expect(told.slice(3)).toEqual(["c away", "d away", "e away"]);
    expect(new Set(retries).size).toBe(4);
    for (const ms of retries) expect(ms).toBeGreaterThanOrEqual(1_000);
    for (const ms of retries) expect(ms).toBeLessThanOrEqual(2_000);
    expect([admission.working, admission.waiting, clock.pending]).toEqual([2, 0, 2]);
  });

  it("forgets who leaves while waiting", async () => {
    const { clock, admission, told, enter } = setup();
    const [a, , c] = ["a", "b", "c", "d"].map(enter);
    c?.[Symbol.dispose]();
    a?.[Symbol.dispose]();
    expect(told).toEqual(["a in", "b in", "d in"]);
    await clock.advance(2_000);
    c?.[Symbol.dispose]();
    expect([admission.working, admission.waiting, clock.pending]).toEqual([2, 0, 2]);
  });

  it("gives the place of who takes too long to the next", async () => {
    const { clock, admission, told, enter } = setup({ atOnce: 1, waiting: 3, waitMs: 1_000, turnMs: 500 });
    const [a] = ["a", "b"].map(enter);
    await clock.advance(500);
    expect(told).toEqual(["a in", "b in"]);
    a?.[Symbol.dispose]();
    expect(admission.working).toBe(1);
    await clock.advance(500);
    expect([admission.working, admission.waiting, clock.pending]).toEqual([0, 0, 0]);
  });

  it("never has more at work than it may, whatever happens at random", async () => {
    const random = new SeededRandom(11);
    const { clock, admission } = setup({ atOnce: 3, waiting: 5, waitMs: 50, turnMs: 60_000 });
    const tickets: Disposable[] = [];
    let [admitted, refused] = [0, 0];
    for (let step = 0; step < 2_000; step += 1) {
      const draw = random.next();
      if (draw < 0.5) {
        tickets.push(admission.enter({ admitted: () => void admitted++, refused: () => void refused++ }));
      } else if (draw < 0.9) {
        tickets.splice(Math.floor(random.next() * tickets.length), 1)[0]?.[Symbol.dispose]();
      } else {
        await clock.advance(20);
      }
      expect(admission.working).toBeLessThanOrEqual(3);
      expect(admission.waiting).toBeLessThanOrEqual(5);
      if (admission.waiting > 0) expect(admission.working).toBe(3);
    }
    expect(Math.min(admitted, refused)).toBeGreaterThan(50);
    for (const ticket of tickets) ticket[Symbol.dispose]();
    expect([admission.working, admission.waiting, clock.pending]).toEqual([0, 0, 0]);
  });
});

describe("a wait that the cloud asked for", () => {
  it("is told in the reason, and has a limit", () => {
    expect(retryAfter(closeCodes.tryAgainLater, tryAgainReason(1234.4))).toBe(1234);
    expect(retryAfter(closeCodes.tryAgainLater, "retry after 999999999 ms")).toBe(longestRetryMs);
    expect(retryAfter(closeCodes.tryAgainLater, "retry after 9999999999 ms")).toBeUndefined();
    expect(retryAfter(closeCodes.tryAgainLater, "")).toBeUndefined();
    expect(retryAfter(1001, tryAgainReason(1_000))).toBeUndefined();
    expect(Buffer.byteLength(tryAgainReason(longestRetryMs))).toBeLessThanOrEqual(123);
  });

  it("is waited once, and up to as long again", () => {
    const random = new SeededRandom(2);
    const backoff = new Backoff(random, { firstMs: 200, longestMs: 10_000 });
    for (let round = 0; round < 50; round += 1) {
      backoff.holdOff(3_000);
      const held = backoff.next();
      expect(held).toBeGreaterThanOrEqual(3_000);
      expect(held).toBeLessThanOrEqual(13_000);
      backoff.reset();
      expect(backoff.next()).toBeLessThanOrEqual(200);
      backoff.reset();
    }
  });
});
