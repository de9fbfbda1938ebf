import { expect, it } from "vitest";
import { randomContract, SeededRandom } from "../src/index.ts";

randomContract({ name: "SeededRandom", open: () => new SeededRandom(42) });

it("SeededRandom draws the same for the same seed, and something else for another", () => {
  const draw = (seed?: number) => {
    const random = new SeededRandom(seed);
    return [random.next(), random.uuid(), [...random.bytes(4)]];
  };
  expect(draw(7)).toEqual(draw(7));
  expect(draw()).toEqual(draw(1));
  expect(draw(7)).not.toEqual(draw(8));
});
