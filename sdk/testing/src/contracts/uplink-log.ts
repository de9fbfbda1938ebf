import type { LoggedEntry, LogPolicy, UplinkLog } from "@skerry/contracts";
import { errorCode } from "@skerry/plugin";
import { describe, expect, it } from "vitest";

/** Logs under test, and their other end. */
export interface UplinkLogUnderTest {
  readonly logs: UplinkLog;
  /** There is a link: entries are received and acknowledged until there is none. */
  connect(): void;
  disconnect(): void;
  /** Every entry the cloud has received, in order; an entry may have come twice. */
  readonly received: readonly { readonly type: string; readonly epoch: string; readonly entry: LoggedEntry }[];
  /** Lets time pass until nothing happens any more. */
  settle(): Promise<void>;
}

export interface UplinkLogContractOptions {
  readonly name: string;
  /** Started, empty and not connected. */
  readonly open: () => Promise<UplinkLogUnderTest>;
}

const value = "x".repeat(900);
/** Ten entries of that value. */
const maximumBytes = 10_000;
const events: LogPolicy = { whenFull: "oldest" };

/** What every implementation of `UplinkLog` promises, as far as one run can show it. */
export function uplinkLogContract({ name, open }: UplinkLogContractOptions): void {
  const of = ({ received }: UplinkLogUnderTest, type: string) =>
    received.filter((one) => one.type === type).map(({ entry }) => entry);

  describe(`uplink log contract: ${name}`, () => {
    it("brings every entry in order, also those from before there was a link", async () => {
      const test = await open();
      const log = test.logs.open("event", events);
      await Promise.all([1, 2, 3].map((number) => log.append("n", number)));
      expect(log.status()).toMatchObject({ type: "event", entries: 3, dropped: 0, refused: 0 });
      test.connect();
      await test.settle();
      await log.append("n", 4);
      await test.settle();
      expect(of(test, "event").map((entry) => entry.value)).toEqual([1, 2, 3, 4]);
      expect(of(test, "event").map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
      expect(new Set(test.received.map(({ epoch }) => epoch)).size).toBe(1);
      expect(log.status()).toMatchObject({ entries: 0, bytes: 0 });
    });

    it("counts each log by itself", async () => {
      const test = await open();
      const [a, b] = [test.logs.open("a", events), test.logs.open("b", events)];
      await a.append("n", "of a");
      await b.append("n", "of b");
      test.connect();
      await test.settle();
      expect(of(test, "a")).toMatchObject([{ sequence: 1, name: "n", value: "of a" }]);
      expect(of(test, "b")).toMatchObject([{ sequence: 1, name: "n", value: "of b" }]);
    });

    it("brings an entry as it was when it was appended, and when that was", async () => {
      const test = await open();
      const log = test.logs.open("event", events);
      const changing = { on: true };
      const append = log.append("n", changing);
      changing.on = false;
      await append;
      test.connect();
      await test.settle();
      expect(of(test, "event")).toMatchObject([{ value: { on: true } }]);
      expect(of(test, "event")[0]?.at).toBeGreaterThan(0);
    });

    it("keeps what is appended while there is no link", async () => {
      const test = await open();
      const log = test.logs.open("event", events);
      test.connect();
      await log.append("n", 1);
      await test.settle();
      test.disconnect();
      await log.append("n", 2);
      await test.settle();
      expect(log.status().entries).toBe(1);
      test.connect();
      await test.settle();
      const sequences = new Set(of(test, "event").map(({ sequence }) => sequence));
      expect([...sequences]).toEqual([1, 2]);
    });

    it("refuses commands there is no room for, and takes them again when there is", async () => {
      const test = await open();
      const log = test.logs.open("command", { whenFull: "refuse", maximumBytes });
      for (let index = 0; index < 10; index += 1) expect(await log.append("n", value)).toBe("kept");
      const refused = log.append("n", value);
      await expect(refused).rejects.toMatchObject({ code: "SKERRY_LINK_LOG_FULL", family: "unavailable" });
      test.connect();
      await test.settle();
      expect(await log.append("n", value)).toBe("kept");
      await test.settle();
      const sequences = of(test, "command").map(({ sequence }) => sequence);
      expect(sequences, "what was refused never was").toEqual(Array.from({ length: 11 }, (_, index) => index + 1));
    });

    it("forgets the oldest entries, counts them, and the gap shows them", async () => {
      const test = await open();
      const log = test.logs.open("event", { whenFull: "oldest", maximumBytes });
      for (let index = 0; index < 25; index += 1) expect(await log.append("n", value)).toBe("kept");
      const { entries, dropped, bytes } = log.status();
      expect(entries + dropped).toBe(25);
      expect(bytes).toBeLessThanOrEqual(maximumBytes);
      test.connect();
      await test.settle();
      const sequences = of(test, "event").map(({ sequence }) => sequence);
      expect(sequences).toEqual(Array.from({ length: entries }, (_, index) => dropped + 1 + index));
    });

    it("leaves out the newest entries, counts them, and the gap shows them", async () => {
      const test = await open();
      const log = test.logs.open("telemetry", { whenFull: "newest", maximumBytes });
      for (let index = 0; index < 10; index += 1) expect(await log.append("n", value)).toBe("kept");
      for (let index = 0; index < 5; index += 1) expect(await log.append("n", value)).toBe("dropped");
      expect(log.status()).toMatchObject({ entries: 10, dropped: 5 });
      test.connect();
      await test.settle();
      expect(await log.append("n", "after")).toBe("kept");
      await test.settle();
      expect(of(test, "telemetry").at(-1)).toMatchObject({ sequence: 16, value: "after" });
    });

    it("is opened once a run, by a proper type", async () => {
      const { logs } = await open();
      logs.open("event", events);
      const code = (type: string) => {
        try {
          return logs.open(type, events) && "opened";
        } catch (error) {
          return errorCode(error);
        }
      };
      expect(code("event")).toBe("SKERRY_LINK_LOG_OPEN");
      for (const type of ["", "Event", "a b", "1a", "x".repeat(65)]) expect(code(type)).toBe("SKERRY_LINK_BAD_TYPE");
      expect(code("x".repeat(64))).toBe("opened");
    });

    it("refuses entries without a name", async () => {
      const { logs } = await open();
      const log = logs.open("event", events);
      await expect(log.append("", 1)).rejects.toMatchObject({ code: "SKERRY_LINK_BAD_NAME" });
      expect(log.status().entries).toBe(0);
    });
  });
}
