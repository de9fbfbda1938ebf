import type { LoggedEntry } from "@skerry/contracts";
import { MemoryDisk, MemoryStorage } from "@skerry/storage-memory";
import { FakeClock, RecordingLogger, SeededRandom, uplinkLogContract } from "@skerry/testing";
import { EventLogs } from "../../src/autonomy/log/event-logs.ts";

const limits = { stateBytes: 10_000, keyBytes: 200, jsonDepth: 8 };

uplinkLogContract({
  name: "EventLogs",
  open: async () => {
    const clock = new FakeClock();
    const logs = new EventLogs(clock, new SeededRandom(1), new RecordingLogger(), limits);
    await logs.start(new MemoryStorage(new MemoryDisk()));
    const received: { type: string; epoch: string; entry: LoggedEntry }[] = [];
    return {
      logs,
      received,
      connect: () => {
        logs.attach((type, epoch, entries) => {
          for (const entry of entries) received.push({ type, epoch, entry });
          queueMicrotask(() => logs.answered(type, epoch, entries.at(-1)?.sequence ?? 0, true));
        });
      },
      disconnect: () => logs.detach(),
      settle: () => clock.advance(2_000),
    };
  },
});
