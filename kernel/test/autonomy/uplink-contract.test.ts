import type { JsonValue, UplinkKey } from "@skerry/contracts";
import { MemoryDisk, MemoryStorage } from "@skerry/storage-memory";
import { FakeClock, RecordingLogger, SeededRandom, uplinkContract } from "@skerry/testing";
import { Outbox } from "../../src/autonomy/outbox.ts";

const limits = { stateBytes: 1000, keyBytes: 100, jsonDepth: 8, statesInFlight: 4, bytesInFlight: 2000 };

uplinkContract({
  name: "Outbox",
  open: async () => {
    const clock = new FakeClock();
    const uplink = new Outbox(clock, new SeededRandom(1), new RecordingLogger(), limits);
    await uplink.open(new MemoryStorage(new MemoryDisk()));
    const received: { key: UplinkKey; value: JsonValue }[] = [];
    let unanswered: { key: UplinkKey; sequence: number }[] = [];
    return {
      uplink,
      received,
      connect: () => {
        uplink.attach({
          send: (sequence, key, value) => {
            received.push({ key, value });
            unanswered.push({ sequence, key });
          },
        });
      },
      disconnect: () => {
        uplink.detach();
        unanswered = [];
      },
      acknowledge: () => {
        const answers = unanswered;
        unanswered = [];
        for (const { key, sequence } of answers) uplink.acknowledged(key, sequence);
      },
      settle: () => clock.advance(1_000),
    };
  },
});
