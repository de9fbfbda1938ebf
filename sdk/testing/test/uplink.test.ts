import type { JsonValue, UplinkKey } from "@skerry/contracts";
import { expect, it } from "vitest";
import { FakeUplink } from "../src/fakes/uplink.ts";
import { uplinkContract } from "../src/index.ts";

uplinkContract({
  name: "FakeUplink",
  open: async () => {
    const uplink = new FakeUplink();
    const received: { key: UplinkKey; value: JsonValue }[] = [];
    let isConnected = false;
    return {
      uplink,
      received,
      connect: () => {
        isConnected = true;
        uplink.connect((key, value) => received.push({ key, value }));
      },
      disconnect: () => {
        isConnected = false;
        uplink.disconnect();
      },
      acknowledge: () => {
        if (isConnected) uplink.acknowledgeAll();
      },
      settle: async () => undefined,
    };
  },
});

it("a fake uplink fails a put when it is told to, and shows what waits", async () => {
  const uplink = new FakeUplink();
  uplink.failNext(new Error("full"));
  await expect(uplink.put({ type: "twin", name: "a" }, 1)).rejects.toThrow("full");
  await uplink.put({ type: "twin", name: "a" }, 2);
  expect(uplink.latest("twin", "a")).toBe(2);
  uplink.acknowledgeAll();
  expect(uplink.latest("twin", "a")).toBeUndefined();
});
