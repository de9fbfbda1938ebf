import { describe, expect, it, vi } from "vitest";
import { collect, connectClient, startBus } from "./running-bus.ts";

const binary = Buffer.from(Array.from({ length: 256 }, (_, index) => index));

describe("MQTT clients", () => {
  it("exchange messages with each other and with the node, bytes untouched", async () => {
    const bus = await startBus();
    const [left, right] = [await connectClient(bus), await connectClient(bus)];
    const received: Buffer[] = [];
    right.on("message", (_, payload) => received.push(payload));
    await right.subscribeAsync("t/#", { qos: 1 });
    const inside: Uint8Array[] = [];
    await bus.subscribe("t/+", (message) => inside.push(message.payload));
    await left.publishAsync("t/left", binary, { qos: 1 });
    await bus.publish("t/node", binary);
    await vi.waitFor(() => expect([received.length, inside.length]).toEqual([2, 2]));
    expect(received.every((payload) => payload.equals(binary))).toBe(true);
    expect(inside.map((payload) => Buffer.from(payload))).toEqual([binary, binary]);
    expect(bus.clients).toBe(2);
  });

  it("get retained messages from the node and leave some for it", async () => {
    const bus = await startBus();
    await bus.publish("s/node", "1", { retain: true });
    await bus.publish("s/gone", "1", { retain: true });
    await bus.publish("s/gone", "", { retain: true });
    const client = await connectClient(bus);
    await client.publishAsync("s/client", "2", { retain: true, qos: 1 });
    const lines = collect(client);
    await client.subscribeAsync("s/+");
    await vi.waitFor(() => expect([...lines].sort()).toEqual(["s/client=2!", "s/node=1!"]));
    const inside: string[] = [];
    await bus.subscribe("s/client", ({ payload, retained }) => inside.push(`${Buffer.from(payload)} ${retained}`));
    expect(inside).toEqual(["2 true"]);
  });

  it("use wildcards, at every quality of service", async () => {
    const bus = await startBus();
    const [publisher, subscriber] = [await connectClient(bus), await connectClient(bus)];
    const lines = collect(subscriber);
    await subscriber.subscribeAsync({ "+/b/#": { qos: 0 }, "x/+": { qos: 1 }, "y/#": { qos: 2 } });
    for (const [index, topic] of ["a/b", "a/b/c", "b/a", "x/1", "x/1/2", "y"].entries()) {
      await publisher.publishAsync(topic, String(index), { qos: (index % 3) as 0 | 1 | 2 });
    }
    await vi.waitFor(() => expect(lines).toEqual(["a/b=0", "a/b/c=1", "x/1=3", "y=5"]));
  });

  it("lose nothing and keep the order when messages of all kinds come fast", async () => {
    const bus = await startBus();
    const [publisher, subscriber] = [await connectClient(bus), await connectClient(bus)];
    const received: number[] = [];
    subscriber.on("message", (_, payload) => received.push(Number(payload.toString())));
    await subscriber.subscribeAsync("t/#", { qos: 0 });
    const count = 600;
    const publishing = Array.from({ length: count }, (_, index) => {
      const options = { qos: (index % 5 === 0 ? 1 : 0) as 0 | 1, retain: index % 4 === 0 };
      return index % 3 === 0
        ? bus.publish(`t/${index % 11}`, String(index), options)
        : publisher.publishAsync(`t/${index % 11}`, String(index), options);
    });
    await Promise.all(publishing);
    await vi.waitFor(() => expect(received.length).toBe(count));
    expect(new Set(received).size).toBe(count);
    // The node's messages keep their order; a client's do within one quality of service (MQTT 3.1.1, section 4.6).
    const orders = [
      received.filter((index) => index % 3 === 0),
      received.filter((index) => index % 3 !== 0 && index % 5 === 0),
      received.filter((index) => index % 3 !== 0 && index % 5 !== 0),
    ];
    expect(orders).toEqual(orders.map((order) => order.toSorted((a, b) => a - b)));
  });

  it("have their last will published when they vanish, not when they say goodbye", async () => {
    const bus = await startBus();
    const wills: string[] = [];
    await bus.subscribe("will/#", ({ topic, payload }) => wills.push(`${topic}=${Buffer.from(payload)}`));
    const will = (name: string) => ({
      will: { topic: `will/${name}`, payload: Buffer.from("gone"), qos: 1 as const, retain: true },
    });
    const [polite, rude] = [await connectClient(bus, will("polite")), await connectClient(bus, will("rude"))];
    await polite.endAsync();
    rude.stream.destroy();
    await vi.waitFor(() => expect(wills).toEqual(["will/rude=gone"]));
    await vi.waitFor(() => expect(bus.clients).toBe(0));
  });

  it("find what came while they were away, in a persistent session", async () => {
    const bus = await startBus();
    const session = { clientId: "meter-reader", clean: false };
    const first = await connectClient(bus, session);
    await first.subscribeAsync("t", { qos: 1 });
    await first.endAsync();
    for (let index = 0; index < 1005; index += 1) {
      await bus.publish("t", String(index), { qos: 1 });
    }
    const again = await connectClient(bus, { ...session, connectTimeout: 5000 });
    const received: number[] = [];
    again.on("message", (_, payload) => received.push(Number(payload.toString())));
    // What exceeds the budget of a session was not kept; afterwards there is room again.
    await vi.waitFor(() => expect(received.length).toBe(1000), { timeout: 5000 });
    expect(received).toEqual(Array.from({ length: 1000 }, (_, index) => index));
    await again.publishAsync("t", "1005", { qos: 1 });
    await vi.waitFor(() => expect(received.at(-1)).toBe(1005));
  });

  it("may take over their own name", async () => {
    const bus = await startBus();
    const first = await connectClient(bus, { clientId: "same" });
    const closed = new Promise<void>((resolve) => first.once("close", resolve));
    const second = await connectClient(bus, { clientId: "same" });
    await closed;
    await second.publishAsync("t", "x", { qos: 1 });
    expect(bus.clients).toBe(1);
  });
});
