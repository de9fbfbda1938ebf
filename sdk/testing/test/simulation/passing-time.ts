import { afterAll, beforeAll } from "vitest";
import type { SimClock } from "../../src/index.ts";

/** Lets virtual time pass while the tests of this group run. */
export function letTimePass(clock: SimClock): void {
  let isDone = false;
  let running: Promise<void> | undefined;

  beforeAll(() => {
    running = (async () => {
      while (!isDone) await clock.advance(1);
    })();
  });

  afterAll(async () => {
    isDone = true;
    await running;
  });
}
