import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { RecordingLogger, SeededRandom } from "@skerry/testing";
import mqttPacket, { type Packet } from "mqtt-packet";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { AedesMessageBus } from "../src/index.ts";
import { collect, connectClient, startBus } from "./running-bus.ts";

async function connectRaw(bus: AedesMessageBus): Promise<Socket> {
  const socket = connect(Number(new URL(bus.url).port), "127.0.0.1");
  socket.on("error", () => undefined);
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  return socket;
}

const closing = (socket: Socket): Promise<unknown> => {
  socket.resume();
  return socket.closed ? Promise.resolve() : once(socket, "close");
};

const greeting = (clientId: string): Buffer =>
  mqttPacket.generate({ cmd: "connect", protocolId: "MQTT", protocolVersion: 4, clean: true, clientId, keepalive: 0 });

/** A client that works before and after the attack. */
async function expectUnharmed(bus: AedesMessageBus, attack: () => Promise<void>): Promise<void> {
  const client = await connectClient(bus);
  const lines = collect(client);
  await client.subscribeAsync("probe");
  await bus.publish("probe", "before");
  await attack();
  await bus.publish("probe", "after");
  await vi.waitFor(() => expect(lines).toEqual(["probe=before", "probe=after"]));
}

describe("hostile MQTT clients", () => {
  it("that send an oversized payload are disconnected alone", async () => {
    const logger = new RecordingLogger();
    const bus = await startBus({ maximumPayloadBytes: 1000 }, logger);
    await expectUnharmed(bus, async () => {
      const client = await connectClient(bus);
      const closed = new Promise<void>((resolve) => client.once("close", resolve));
      await client.publishAsync("t", Buffer.alloc(1000), { qos: 1 });
      client.publish("t", Buffer.alloc(1001), { qos: 1 });
      await closed;
    });
    expect(logger.records.map((record) => record.fields["reason"])).toContain(
      "a payload of 1001 bytes exceeds the limit of 1000",
    );
  });

  it("that declare an oversized packet are disconnected at its header", async () => {
    const bus = await startBus({ maximumPayloadBytes: 1000 });
    await expectUnharmed(bus, async () => {
      for (const first of [greeting("big"), Buffer.alloc(0)]) {
        const socket = await connectRaw(bus);
        socket.write(Buffer.concat([first, Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f])]));
        await closing(socket);
      }
    });
  });

  it("that use a topic nobody may publish to are disconnected alone", async () => {
    const bus = await startBus();
    await expectUnharmed(bus, async () => {
      for (const topic of ["a/+", "#", "$SYS/x", "a\u0000", `${"/".repeat(200)}`]) {
        const socket = await connectRaw(bus);
        const publish: Packet = {
          cmd: "publish",
          topic: "x".repeat(topic.length),
          payload: "",
          qos: 0,
          retain: false,
          dup: false,
        };
        const bytes = mqttPacket.generate(publish);
        bytes.write(topic, bytes.length - topic.length);
        socket.write(Buffer.concat([greeting("t"), bytes]));
        await closing(socket);
      }
    });
  });

  it("that ask for a bad filter get a refusal", async () => {
    const bus = await startBus();
    const client = await connectClient(bus);
    const granted = await client.subscribeAsync("a\uFFFDb", { qos: 1 }).catch((error: unknown) => String(error));
    expect(JSON.stringify(granted)).toMatch(/128|Unspecified error/);
    expect(client.connected).toBe(true);
  });

  it("that retain more than there is room for are disconnected, and the node is told", async () => {
    const bus = await startBus({ maximumRetainedBytes: 3000 });
    await bus.publish("s/1", Buffer.alloc(2000), { retain: true });
    await bus.publish("s/1", Buffer.alloc(2100), { retain: true });
    await expect(bus.publish("s/2", Buffer.alloc(2000), { retain: true })).rejects.toMatchObject({
      code: "SKERRY_BUS_FULL",
    });
    await expectUnharmed(bus, async () => {
      const client = await connectClient(bus);
      const closed = new Promise<void>((resolve) => client.once("close", resolve));
      client.publish("s/3", Buffer.alloc(2000), { retain: true, qos: 1 });
      await closed;
    });
    await bus.publish("s/1", "", { retain: true });
    await bus.publish("s/2", Buffer.alloc(2000), { retain: true });
  });

  it("beyond the allowed number are refused", async () => {
    const logger = new RecordingLogger();
    const bus = await startBus({ maximumClients: 2 }, logger);
    const first = await connectRaw(bus);
    await connectRaw(bus);
    await closing(await connectRaw(bus));
    expect(logger.records).toContainEqual(expect.objectContaining({ level: "warn" }));
    first.destroy();
    await vi.waitFor(async () => await connectClient(bus, { connectTimeout: 1000 }), { timeout: 5000 });
  });

  it("that do not read hold up nobody, and are disconnected at a message that must arrive", async () => {
    const bus = await startBus();
    await expectUnharmed(bus, async () => {
      const socket = await connectRaw(bus);
      const subscribe: Packet = { cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "flood", qos: 1 }] };
      socket.write(Buffer.concat([greeting("deaf"), mqttPacket.generate(subscribe)]));
      await once(socket, "readable");
      await vi.waitFor(() => expect(bus.clients).toBe(2));
      const payload = Buffer.alloc(200_000);
      for (let index = 0; index < 100; index += 1) {
        await bus.publish("flood", payload);
      }
      expect(bus.clients).toBe(2);
      for (let index = 0; index < 100 && bus.clients === 2; index += 1) {
        await bus.publish("flood", payload, { qos: 1 });
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(bus.clients).toBe(1);
    });
  });

  it("that send malformed packets harm nobody", async () => {
    const bus = await startBus({ maximumClients: 500 });
    const random = new SeededRandom(7);
    const pick = (count: number) => Math.floor(random.next() * count);
    const samples: Packet[] = [
      { cmd: "publish", topic: "a/b", payload: "x", qos: 1, messageId: 3, retain: true, dup: false },
      { cmd: "publish", topic: "a/b", payload: "x", qos: 2, messageId: 4, retain: false, dup: false },
      {
        cmd: "subscribe",
        messageId: 5,
        subscriptions: [
          { topic: "a/+", qos: 2 },
          { topic: "#", qos: 0 },
        ],
      },
      { cmd: "unsubscribe", messageId: 6, unsubscriptions: ["a/+"] },
      { cmd: "pubrel", messageId: 4 },
      { cmd: "puback", messageId: 9 },
      { cmd: "pubrec", messageId: 9 },
      { cmd: "pingreq" },
      { cmd: "connack", returnCode: 0, sessionPresent: false },
      { cmd: "suback", messageId: 1, granted: [0] },
      { cmd: "disconnect" },
    ];
    await expectUnharmed(bus, async () => {
      for (let round = 0; round < 300; round += 1) {
        const socket = await connectRaw(bus);
        const packets = Array.from({ length: 6 }, () =>
          mqttPacket.generate(samples[pick(samples.length)] ?? { cmd: "pingreq" }),
        );
        const bytes = Buffer.concat([greeting(`fuzz-${round % 5}`), ...packets]);
        for (let flip = pick(6); flip > 0; flip -= 1) {
          bytes[pick(bytes.length)] = pick(256);
        }
        socket.resume();
        socket.end(bytes.subarray(0, bytes.length - pick(4)));
        await closing(socket);
      }
    });
    await vi.waitFor(() => expect(bus.clients).toBe(1));
  });
});
