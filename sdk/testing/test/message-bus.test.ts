import { describe, expect, it } from "vitest";
import { messageBusContract } from "../src/contracts/message-bus.ts";
import { FakeMessageBus } from "../src/fakes/message-bus.ts";

messageBusContract({ name: "FakeMessageBus", open: async () => new FakeMessageBus() });

describe("fake message bus", () => {
  it("shows what was published, what is retained, and what handlers threw", async () => {
    const bus = new FakeMessageBus();
    await bus.subscribe("a", () => {
      throw new Error("mine");
    });
    await bus.publish("a", "1", { retain: true, qos: 1 });
    expect(bus.published).toEqual([{ topic: "a", payload: Uint8Array.of(49), retain: true, qos: 1 }]);
    expect([bus.retainedText("a"), bus.retainedText("b")]).toEqual(["1", undefined]);
    expect(bus.handlerErrors).toEqual([new Error("mine")]);
  });
});
