import { expect, it } from "vitest";
import { defineExtensionPoint, isStartable, isStoppable } from "../src/index.ts";

it("what can be started and stopped is seen by its methods, own or inherited", () => {
  class Both {
    async start(): Promise<void> {}
    async stop(): Promise<void> {}
  }
  class Child extends Both {}
  const subjects = [new Child(), { start: 1, stop: "now" }, {}, { stop: async () => undefined }];
  expect(subjects.map((subject) => [isStartable(subject), isStoppable(subject)])).toEqual([
    [true, true],
    [false, false],
    [false, false],
    [false, true],
  ]);
});

it("an extension point's contributions have the point's id", () => {
  const point = defineExtensionPoint<string>("owner.point/1");
  expect([point.id, point.contributions.id]).toEqual(["owner.point/1", "owner.point/1"]);
});
