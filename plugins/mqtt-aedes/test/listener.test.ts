import { MessageBus, statusSectionPoint } from "@skerry/contracts";
import { RecordingLogger, startTestNode } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { AedesMessageBus, plugin } from "../src/index.ts";
import { isLoopback } from "../src/loopback.ts";
import { settings, startBus } from "./running-bus.ts";

const start = async (host: string, port = 0): Promise<AedesMessageBus> => {
  const bus = new AedesMessageBus({ ...settings, listen: { host, port } }, new RecordingLogger());
  await bus.start(new AbortController().signal);
  return bus;
};

describe("MQTT listener", () => {
  it.each(["0.0.0.0", "::", "192.0.2.1", "broker.example", "", "127.0.0.1.example", "::ffff:192.0.2.1"])(
    "is refused on %j",
    async (host) => {
      await expect(start(host)).rejects.toMatchObject({ code: "SKERRY_BUS_INSECURE_LISTENER", family: "settings" });
    },
  );

  it.each([
    ["127.0.0.1", true],
    ["127.1.2.3", true],
    ["::1", true],
    ["localhost", true],
    ["128.0.0.1", false],
    ["::2", false],
    ["10.0.0.1", false],
  ])("takes %s for loopback: %s", (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });

  it("says which port is taken, and leaves nothing running", async () => {
    const first = await startBus();
    const port = Number(new URL(first.url).port);
    await expect(start("127.0.0.1", port)).rejects.toMatchObject({
      code: "SKERRY_BUS_CANNOT_LISTEN",
      details: { host: "127.0.0.1", port, reason: expect.stringContaining("EADDRINUSE") },
    });
    await first.stop();
    await (await start("127.0.0.1", port)).stop();
  });

  it("gives up when its start is aborted", async () => {
    const bus = new AedesMessageBus(settings, new RecordingLogger());
    await expect(bus.start(AbortSignal.abort(new Error("too late")))).rejects.toThrow("too late");
    expect(() => bus.url).toThrow(expect.objectContaining({ code: "SKERRY_BUS_STOPPED" }));
  });

  it("refuses payloads of the node beyond the limit", async () => {
    const bus = await startBus({ maximumPayloadBytes: 10 });
    await bus.publish("t", "0123456789");
    await expect(bus.publish("t", "0123456789a")).rejects.toMatchObject({ code: "SKERRY_BUS_TOO_LARGE" });
  });

  it("comes up as a plugin with its defaults, and reports its status", async () => {
    await using node = await startTestNode({ plugins: [{ plugin, settings: { listen: { port: 0 } } }] });
    const { url } = node.service(MessageBus);
    expect(url).toMatch(/^mqtt:\/\/127\.0\.0\.1:\d+$/);
    const [section] = node.contributions(statusSectionPoint);
    expect(section?.value.name).toBe("mqtt");
    expect(await section?.value.collect()).toEqual({ data: { url, clients: 0 }, lines: [`${url}, 0 clients`] });
  });
});
