import { type KeyValueStore, type Storage, storageLimits, type Write } from "@skerry/contracts";
import type { Stoppable } from "@skerry/plugin";
import { describe, expect, it, onTestFinished } from "vitest";

export interface StorageUnderTest {
  /** Empty, isolated and running. */
  readonly storage: Storage & Stoppable;
  /** Another one over the same data, called after the first has stopped. Needed for `supports.durable`. */
  readonly reopen?: () => Promise<Storage & Stoppable>;
}

export interface StorageContractOptions {
  readonly name: string;
  /** From the manifest. */
  readonly supports: { readonly durable: boolean };
  readonly open: () => Promise<StorageUnderTest>;
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const put = (key: string, value = bytes(1)): Write => ({ type: "put", key, value });
const remove = (key: string): Write => ({ type: "delete", key });
const keysOf = async (store: KeyValueStore, range?: Parameters<KeyValueStore["range"]>[0]): Promise<string[]> =>
  (await store.range(range)).map((entry) => entry.key);

/** What every implementation of `Storage` promises. */
export function storageContract({ name, supports, open }: StorageContractOptions): void {
  const openStorage = async (): Promise<StorageUnderTest> => {
    const opened = await open();
    onTestFinished(async () => await opened.storage.stop());
    return opened;
  };
  const openStore = async (): Promise<KeyValueStore> => await (await openStorage()).storage.open("things");

  describe(`storage contract: ${name}`, () => {
    it("has nothing at first", async () => {
      const store = await openStore();
      expect(await store.get("a")).toBeUndefined();
      expect(await store.range()).toEqual([]);
    });

    it("keeps bytes as they are, also none", async () => {
      const store = await openStore();
      const all = Uint8Array.from({ length: 256 }, (_, index) => index);
      await store.write([put("all", all), put("none", bytes()), put("", bytes(7))]);
      expect(await store.range()).toEqual([
        { key: "", value: bytes(7) },
        { key: "all", value: all },
        { key: "none", value: bytes() },
      ]);
      expect(await store.get("none")).toEqual(bytes());
    });

    it("replaces, deletes, and lets later operations of a batch win", async () => {
      const store = await openStore();
      await store.write([put("a"), put("b"), put("c")]);
      await store.write([
        remove("a"),
        put("a", bytes(2)),
        put("b", bytes(3)),
        remove("b"),
        remove("never"),
        put("c", bytes(4)),
      ]);
      expect(await store.range()).toEqual([
        { key: "a", value: bytes(2) },
        { key: "c", value: bytes(4) },
      ]);
    });

    it("keeps stores apart and gives one name one store", async () => {
      const { storage } = await openStorage();
      const [first, second, same] = [await storage.open("a"), await storage.open("a-b"), await storage.open("a")];
      await first.write([put("k", bytes(1))]);
      await second.write([put("k", bytes(2))]);
      expect([await same.get("k"), await second.get("k")]).toEqual([bytes(1), bytes(2)]);
    });

    it("opens one name twice at once", async () => {
      const { storage } = await openStorage();
      const [first, second] = await Promise.all([storage.open("a"), storage.open("a")]);
      await first.write([put("k")]);
      expect(await second.get("k")).toEqual(bytes(1));
    });

    it.each(["", "A", "a_b", "a/b", "a b", "ä", "a\n", "x".repeat(65)])("refuses the store name %j", async (bad) => {
      const { storage } = await openStorage();
      await expect(storage.open(bad)).rejects.toMatchObject({ code: "SKERRY_STORAGE_BAD_NAME", family: "misuse" });
    });

    it.each(["a", "0", "-", "x".repeat(64), "sqlite-master", "select"])("accepts the store name %j", async (good) => {
      const { storage } = await openStorage();
      const store = await storage.open(good);
      await store.write([put("k")]);
      expect(await store.get("k")).toEqual(bytes(1));
    });

    it("orders keys by their UTF-8 bytes", async () => {
      const store = await openStore();
      const ordered = [
        "",
        "\u0000",
        "A",
        "Z",
        "a",
        "a\u0000",
        "aa",
        "é",
        "\uE000",
        "\uFFFD",
        "\u{10000}",
        "\u{1F600}",
        "\u{10FFFF}",
      ];
      for (const key of ordered.toReversed()) {
        await store.write([put(key)]);
      }
      expect(await keysOf(store)).toEqual(ordered);
      expect(await keysOf(store, { from: "\uE000", before: "\u{1F600}" })).toEqual(["\uE000", "\uFFFD", "\u{10000}"]);
    });

    it("reads ranges: from, before, limit", async () => {
      const store = await openStore();
      await store.write(["a", "b", "c", "d"].map((key) => put(key)));
      expect(await keysOf(store, { from: "b" })).toEqual(["b", "c", "d"]);
      expect(await keysOf(store, { before: "c" })).toEqual(["a", "b"]);
      expect(await keysOf(store, { from: "aa", before: "d", limit: 1 })).toEqual(["b"]);
      expect(await keysOf(store, { from: "d", before: "a" })).toEqual([]);
      expect(await keysOf(store, { limit: 0 })).toEqual([]);
    });

    it.each(["p", "p/", "p\uD7FF", "p\u{10FFFF}", "\u{10FFFF}"])(
      "reads exactly the keys that start with %j",
      async (prefix) => {
        const store = await openStore();
        const others = ["", "o", "o\u{10FFFF}", "q", "\uE000", "P"].filter((key) => !key.startsWith(prefix));
        const matching = [prefix, `${prefix}\u0000`, `${prefix}x`, `${prefix}\u{10FFFF}`];
        await store.write([...others, ...matching].map((key) => put(key)));
        expect(await keysOf(store, { prefix })).toEqual(matching);
        expect(await keysOf(store, { prefix, limit: 2 })).toEqual(matching.slice(0, 2));
      },
    );

    it("takes the characters of patterns and quotes literally", async () => {
      const store = await openStore();
      const keys = ['"', "%", "'; drop", "_", "a%b", "axb"];
      await store.write(keys.map((key) => put(key)));
      expect(await keysOf(store)).toEqual(keys);
      expect(await keysOf(store, { prefix: "a%" })).toEqual(["a%b"]);
    });

    it.each([
      { prefix: "a", from: "a" },
      { prefix: "a", before: "b" },
      { limit: -1 },
      { limit: 1.5 },
      { limit: Number.NaN },
      { from: "\uD800" },
    ])("refuses the range %j", async (range) => {
      const store = await openStore();
      await expect(store.range(range)).rejects.toMatchObject({ code: "SKERRY_STORAGE_BAD_RANGE", family: "misuse" });
    });

    it("refuses keys that are not well-formed Unicode", async () => {
      const store = await openStore();
      const badKey = { code: "SKERRY_STORAGE_BAD_KEY", family: "misuse" };
      await expect(store.write([put("fine"), put("a\uD800")])).rejects.toMatchObject(badKey);
      await expect(store.write([remove("\uDC00a")])).rejects.toMatchObject(badKey);
      await expect(store.get("\uD800")).rejects.toMatchObject(badKey);
      expect(await store.range()).toEqual([]);
    });

    it("takes keys and values up to the limits and refuses whole batches beyond", async () => {
      const store = await openStore();
      const tooLarge = { code: "SKERRY_STORAGE_TOO_LARGE", family: "invalid" };
      const longest = "é".repeat(storageLimits.keyBytes / 2);
      await store.write([put(longest, new Uint8Array(storageLimits.valueBytes).fill(3))]);
      expect((await store.get(longest))?.length).toBe(storageLimits.valueBytes);
      await store.write([remove(longest)]);
      await expect(store.write([put("a"), put(`${longest}x`)])).rejects.toMatchObject(tooLarge);
      await expect(store.write([put("a"), remove(`${longest}x`)])).rejects.toMatchObject(tooLarge);
      await expect(
        store.write([put("a"), put("b", new Uint8Array(storageLimits.valueBytes + 1))]),
      ).rejects.toMatchObject(tooLarge);
      await expect(store.get(`${longest}x`)).rejects.toMatchObject(tooLarge);
      expect(await store.range()).toEqual([]);
    });

    it("lets a read see every write called before it, resolved or not", async () => {
      const store = await openStore();
      const writes = [
        store.write([put("a", bytes(1))]),
        store.write([put("b"), put("a", bytes(2))]),
        store.write([remove("b")]),
      ];
      expect(await Promise.all([store.get("a"), store.get("b"), keysOf(store)])).toEqual([bytes(2), undefined, ["a"]]);
      await Promise.all(writes);
    });

    it("applies concurrent writes in the order of the calls", async () => {
      const { storage } = await openStorage();
      const [first, second] = [await storage.open("first"), await storage.open("second")];
      const settled: number[] = [];
      await Promise.all(
        Array.from({ length: 200 }, async (_, index) => {
          await (index % 3 === 0 ? second : first).write([put("last", bytes(index)), put(`k${index}`)]);
          settled.push(index);
        }),
      );
      expect(await first.get("last")).toEqual(bytes(199));
      expect(await second.get("last")).toEqual(bytes(198));
      expect(settled).toEqual(Array.from({ length: 200 }, (_, index) => index));
      expect((await first.range()).length + (await second.range()).length).toBe(202);
    });

    it("writes batches of many keys", async () => {
      const store = await openStore();
      const keys = Array.from({ length: 1000 }, (_, index) => `k${String(index).padStart(4, "0")}`);
      await store.write(keys.map((key, index) => put(key, bytes(index & 255))));
      await store.write(keys.filter((_, index) => index % 2 === 1).map(remove));
      expect(await keysOf(store)).toEqual(keys.filter((_, index) => index % 2 === 0));
      expect(await store.get("k0998")).toEqual(bytes(998 & 255));
    });

    it("keeps no reference to bytes handed in, and none to bytes handed out", async () => {
      const store = await openStore();
      const value = bytes(1, 2, 3);
      const writing = store.write([put("a", value)]);
      value.fill(9);
      await writing;
      (await store.get("a"))?.fill(8);
      (await store.range())[0]?.value.fill(7);
      expect(await store.get("a")).toEqual(bytes(1, 2, 3));
    });

    it("accepts a view into a larger buffer, and an empty batch", async () => {
      const store = await openStore();
      await store.write([]);
      await store.write([put("a", bytes(0, 1, 2, 3).subarray(1, 3)), put("b", Buffer.from("xyz").subarray(1))]);
      expect(await store.range()).toEqual([
        { key: "a", value: bytes(1, 2) },
        { key: "b", value: bytes(121, 122) },
      ]);
    });

    it("finishes what was called before it stops and refuses everything after", async () => {
      const { storage } = await openStorage();
      const store = await storage.open("things");
      const writing = store.write([put("a")]);
      const reading = store.get("a");
      await storage.stop();
      await writing;
      expect(await reading).toEqual(bytes(1));
      const stopped = { code: "SKERRY_STORAGE_STOPPED", family: "misuse" };
      await expect(storage.open("things")).rejects.toMatchObject(stopped);
      await expect(store.get("a")).rejects.toMatchObject(stopped);
      await expect(store.range()).rejects.toMatchObject(stopped);
      await expect(store.write([put("a")])).rejects.toMatchObject(stopped);
      await storage.stop();
    });

    if (supports.durable) {
      it("has the data again when it is opened again", async () => {
        const { storage, reopen } = await openStorage();
        const store = await storage.open("things");
        await store.write([put("a"), put("b", bytes(2)), put("gone")]);
        await store.write([remove("gone")]);
        await storage.stop();
        expect(reopen).toBeDefined();
        const again = await reopen?.();
        onTestFinished(async () => await again?.stop());
        expect(await (await again?.open("things"))?.range()).toEqual([
          { key: "a", value: bytes(1) },
          { key: "b", value: bytes(2) },
        ]);
        expect(await (await again?.open("others"))?.range()).toEqual([]);
      });
    }
  });
}
