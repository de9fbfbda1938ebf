import type { LoggedEntry } from "@skerry/contracts";
import { FakeUplinkLog } from "../src/fakes/uplink-log.ts";
import { uplinkLogContract } from "../src/index.ts";

uplinkLogContract({
  name: "FakeUplinkLog",
  open: async () => {
    const logs = new FakeUplinkLog();
    const received: { type: string; epoch: string; entry: LoggedEntry }[] = [];
    return {
      logs,
      received,
      connect: () => logs.connect((type, entry) => received.push({ type, epoch: "fake", entry })),
      disconnect: () => logs.disconnect(),
      settle: async () => undefined,
    };
  },
});
