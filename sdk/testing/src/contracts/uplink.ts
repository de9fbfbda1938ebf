import type { JsonValue, Uplink, UplinkKey } from "@skerry/contracts";
import { describe, expect, it } from "vitest";

/** An uplink under test, and its other end. */
export interface UplinkUnderTest {
  readonly uplink: Uplink;
  /** There is a link; what the cloud receives from then on is in `received`. */
  connect(): void;
  disconnect(): void;
  /** Every state the cloud has received, in order; the same may have come twice. */
  readonly received: readonly { readonly key: UplinkKey; readonly value: JsonValue }[];
  /** The cloud acknowledges everything it received. */
  acknowledge(): void;
  /** Lets time pass until nothing happens any more. */
  settle(): Promise<void>;
}

export interface UplinkContractOptions {
  readonly name: string;
  /** Started, empty and not connected. */
  readonly open: () => Promise<UplinkUnderTest>;
}

const key = (name: string): UplinkKey => ({ type: "twin", name });

/** What every implementation of `Uplink` promises, as far as one run can show it. */
export function uplinkContract({ name, open }: UplinkContractOptions): void {
  describe(`uplink contract: ${name}`, () => {
    it("takes a state without a link, and brings it when there is one", async () => {
      const { uplink, settle, connect, received } = await open();
      const put = uplink.put(key("a"), { on: true });
      await settle();
      await put;
      expect(uplink.pending()).toBe(1);
      connect();
      await settle();
      expect(received).toEqual([{ key: key("a"), value: { on: true } }]);
    });

    it("forgets a state once it is acknowledged", async () => {
      const { uplink, settle, connect, acknowledge } = await open();
      connect();
      const put = uplink.put(key("a"), 1);
      await settle();
      acknowledge();
      await settle();
      await put;
      expect(uplink.pending()).toBe(0);
    });

    it("brings again what was not acknowledged when the link ended", async () => {
      const { uplink, settle, connect, disconnect, received } = await open();
      connect();
      const put = uplink.put(key("a"), 1);
      await settle();
      disconnect();
      const before = received.length;
      connect();
      await settle();
      await put;
      expect(received.slice(before)).toEqual([{ key: key("a"), value: 1 }]);
    });

    it("brings the newest state of each key, coalesced while there was no link", async () => {
      const { uplink, settle, connect, received } = await open();
      const puts = [1, 2, 3].flatMap((value) => [uplink.put(key("a"), value), uplink.put(key("b"), value * 10)]);
      await settle();
      await Promise.all(puts);
      expect(uplink.pending()).toBe(2);
      connect();
      await settle();
      const values = new Map(received.map(({ key: { name: of }, value }) => [of, value]));
      expect(values).toEqual(new Map([["a", 3] as const, ["b", 30] as const]));
      expect(received).toHaveLength(2);
    });

    it("never brings an older state of a key after a newer one", async () => {
      const { uplink, settle, connect, disconnect, acknowledge, received } = await open();
      const puts: Promise<void>[] = [];
      for (let value = 1; value <= 40; value += 1) {
        puts.push(uplink.put(key("a"), value));
        if (value % 7 === 0) disconnect();
        if (value % 7 === 3) connect();
        if (value % 5 === 0) acknowledge();
        if (value % 4 === 0) await settle();
      }
      disconnect();
      connect();
      await settle();
      acknowledge();
      await settle();
      await Promise.all(puts);
      const values = received.map(({ value }) => Number(value));
      expect(values).toEqual([...values].sort((a, b) => a - b));
      expect(values.at(-1)).toBe(40);
    });

    it("keeps keys of one name and different types apart", async () => {
      const { uplink, settle, connect, received } = await open();
      const puts = [uplink.put({ type: "pod", name: "x" }, 1), uplink.put({ type: "twin", name: "x" }, 2)];
      connect();
      await settle();
      await Promise.allSettled(puts);
      expect(received.map(({ key: { type }, value }) => `${type}=${value}`).sort()).toEqual(["pod=1", "twin=2"]);
    });

    it("brings a state as it was when it was put", async () => {
      const { uplink, settle, connect, received } = await open();
      const value = { on: true };
      const put = uplink.put(key("a"), value);
      value.on = false;
      await settle();
      await put;
      connect();
      await settle();
      expect(received.map((state) => state.value)).toEqual([{ on: true }]);
    });

    it("forgets a key on demand, and one that it does not know", async () => {
      const { uplink, settle, connect, received } = await open();
      const put = uplink.put(key("a"), 1);
      await settle();
      await put;
      const forgotten = Promise.all([uplink.forget(key("a")), uplink.forget(key("never"))]);
      await settle();
      await forgotten;
      expect(uplink.pending()).toBe(0);
      connect();
      await settle();
      expect(received).toEqual([]);
    });
  });
}
