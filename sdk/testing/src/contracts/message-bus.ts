import type { BusMessage, MessageBus } from "@skerry/contracts";
import type { Stoppable } from "@skerry/plugin";
import { describe, expect, it, onTestFinished, vi } from "vitest";

export interface MessageBusContractOptions {
  readonly name: string;
  /** A running bus without messages. */
  readonly open: () => Promise<MessageBus & Stoppable>;
}

const text = ({ payload }: BusMessage): string => new TextDecoder().decode(payload);
const line = (message: BusMessage): string =>
  `${message.topic}=${text(message)}${message.retained ? " (retained)" : ""}`;

/** What every implementation of `MessageBus` promises. */
export function messageBusContract({ name, open }: MessageBusContractOptions): void {
  const openBus = async (): Promise<MessageBus & Stoppable> => {
    const bus = await open();
    onTestFinished(async () => await bus.stop());
    return bus;
  };
  /** Collects what a filter delivers, as lines. */
  const collect = async (bus: MessageBus, filter: string): Promise<string[]> => {
    const lines: string[] = [];
    await bus.subscribe(filter, (message) => lines.push(line(message)));
    return lines;
  };

  describe(`message bus contract: ${name}`, () => {
    it("says where clients connect", async () => {
      expect((await openBus()).url).toMatch(/^mqtt:\/\/(127\.0\.0\.1|\[::1\]):\d+$/);
    });

    it("delivers messages that match, text as UTF-8", async () => {
      const bus = await openBus();
      const lines = await collect(bus, "a/b");
      await bus.publish("a/b", "grün");
      await bus.publish("a/c", "other");
      await bus.publish("a/b", new Uint8Array([104, 105]));
      await vi.waitFor(() => expect(lines).toEqual(["a/b=grün", "a/b=hi"]));
    });

    it.each([
      ["a/b", "a/b", true],
      ["a/b", "a/b/", false],
      ["a/+", "a/b", true],
      ["a/+", "a/", true],
      ["a/+", "a", false],
      ["a/+", "a/b/c", false],
      ["+", "a", true],
      ["+", "/a", false],
      ["+/+", "/a", true],
      ["+/b/#", "a/b", true],
      ["a/#", "a", true],
      ["a/#", "a/b/c", true],
      ["a/#", "ab", false],
      ["#", "a/b", true],
      ["#", "$own/a", false],
      ["+/a", "$own/a", false],
      ["$own/#", "$own/a", true],
      ["a.c", "abc", false],
      ["A", "a", false],
    ])("filter %j against topic %j: %j", async (filter, topic, isMatch) => {
      const bus = await openBus();
      await bus.publish(topic, "kept", { retain: true });
      const lines = await collect(bus, filter);
      const all = await collect(bus, topic);
      await bus.publish(topic, "live");
      await vi.waitFor(() => expect(all.length).toBe(2));
      expect(lines).toEqual(isMatch ? [`${topic}=kept (retained)`, `${topic}=live`] : []);
    });

    it("delivers retained messages first, the newest of a topic, and none that was cleared", async () => {
      const bus = await openBus();
      await bus.publish("s/a", "1", { retain: true });
      await bus.publish("s/a", "2", { retain: true });
      await bus.publish("s/a", "not kept");
      await bus.publish("s/b", "1", { retain: true });
      await bus.publish("s/b", "", { retain: true });
      await bus.publish("s/c", "1", { retain: true, qos: 1 });
      const lines = await collect(bus, "s/+");
      await bus.publish("s/d", "live", { retain: true });
      await vi.waitFor(() => expect(lines.length).toBe(3));
      expect(lines.slice(0, 2).sort()).toEqual(["s/a=2 (retained)", "s/c=1 (retained)"]);
      expect(lines[2]).toBe("s/d=live");
    });

    it("delivers in the order of the calls, whatever their options", async () => {
      const bus = await openBus();
      const lines = await collect(bus, "t/#");
      const calls = Array.from({ length: 300 }, (_, index) => index);
      const publish = (index: number) =>
        bus.publish(`t/${index % 7}`, String(index), { retain: index % 3 === 0, qos: index % 2 === 0 ? 1 : 0 });
      await Promise.all(calls.map(publish));
      await vi.waitFor(() => expect(lines).toEqual(calls.map((index) => `t/${index % 7}=${index}`)));
    });

    it("shows a subscriber every retained state once, also while it changes", async () => {
      const bus = await openBus();
      const publishing = Array.from({ length: 50 }, (_, index) => bus.publish("t", String(index), { retain: true }));
      const seen: number[] = [];
      await bus.subscribe("t", (message) => seen.push(Number(text(message))));
      await Promise.all(publishing);
      await vi.waitFor(() => expect(seen.at(-1)).toBe(49));
      expect(seen).toEqual(Array.from({ length: seen.length }, (_, index) => 50 - seen.length + index));
    });

    it("keeps bytes as they are, and apart", async () => {
      const bus = await openBus();
      const all = Uint8Array.from({ length: 256 }, (_, index) => index);
      const payload = Uint8Array.from(all);
      const received: Uint8Array[] = [];
      const spoil = (message: BusMessage) => {
        received.push(Uint8Array.from(message.payload));
        message.payload.fill(0);
      };
      await bus.subscribe("t", spoil);
      await bus.subscribe("t", spoil);
      const publishing = bus.publish("t", payload, { retain: true });
      payload.fill(1);
      await publishing;
      await bus.subscribe("t", spoil);
      await vi.waitFor(() => expect(received).toEqual([all, all, all]));
    });

    it("goes on after a handler throws", async () => {
      const bus = await openBus();
      let calls = 0;
      await bus.subscribe("t", () => {
        calls += 1;
        throw new Error("handler's fault");
      });
      const lines = await collect(bus, "t");
      await bus.publish("t", "1");
      await bus.publish("t", "2");
      await vi.waitFor(() => expect([calls, lines]).toEqual([2, ["t=1", "t=2"]]));
    });

    it("delivers nothing after a subscription was disposed, twice even", async () => {
      const bus = await openBus();
      const lines: string[] = [];
      const subscription = await bus.subscribe("t", (message) => {
        lines.push(text(message));
        void subscription[Symbol.asyncDispose]();
      });
      const others = await collect(bus, "t");
      await bus.publish("t", "1");
      await subscription[Symbol.asyncDispose]();
      await bus.publish("t", "2");
      await vi.waitFor(() => expect(others.length).toBe(2));
      expect(lines).toEqual(["1"]);
    });

    it("takes what a handler publishes, after the message being handled", async () => {
      const bus = await openBus();
      await bus.subscribe("question", () => void bus.publish("answer", "42"));
      const lines = await collect(bus, "#");
      await bus.publish("question", "?");
      await vi.waitFor(() => expect(lines).toEqual(["question=?", "answer=42"]));
    });

    it.each(["", "a/+", "#", "a\u0000b", "\uD800", "$SYS/x"])("refuses to publish to %j", async (topic) => {
      const bus = await openBus();
      await expect(bus.publish(topic, "x")).rejects.toMatchObject({ code: "SKERRY_BUS_BAD_TOPIC", family: "misuse" });
    });

    it.each(["", "a/#/b", "a#", "a+/b", "++", "a\u0000"])("refuses the filter %j", async (filter) => {
      const bus = await openBus();
      const refused = { code: "SKERRY_BUS_BAD_TOPIC", family: "misuse" };
      await expect(bus.subscribe(filter, () => undefined)).rejects.toMatchObject(refused);
    });

    it("refuses everything after it stopped", async () => {
      const bus = await openBus();
      await bus.stop();
      const stopped = { code: "SKERRY_BUS_STOPPED", family: "misuse" };
      await expect(bus.publish("t", "x")).rejects.toMatchObject(stopped);
      await expect(bus.subscribe("t", () => undefined)).rejects.toMatchObject(stopped);
      await bus.stop();
    });
  });
}
