import type { Write } from "@skerry/contracts";
import { describe, expect, it, onTestFinished } from "vitest";
import { startStorage, temporaryHome } from "./temporary-home.ts";

const put = (key: string, bytes: number): Write => ({ type: "put", key, value: new Uint8Array(bytes).fill(1) });
const full = { code: "SKERRY_STORAGE_FULL", family: "unavailable" };

describe("a full disk", () => {
  it.each(["skerry.db", ":memory:"])("fails the batches that do not fit, whole, and no others (%s)", async (path) => {
    const storage = await startStorage(await temporaryHome(), { path, maximumBytes: 256 * 1024 });
    onTestFinished(async () => await storage.stop());
    const store = await storage.open("things");
    await store.write([put("first", 10)]);
    const results = await Promise.allSettled([
      store.write([put("a", 10)]),
      store.write([put("b", 10), { type: "delete", key: "first" }, put("large", 200_000), put("larger", 200_000)]),
      store.write([put("c", 10), { type: "delete", key: "never" }]),
      store.write([put("huge", 2_000_000)]),
      store.write([put("d", 10)]),
    ]);
    expect(results.map((result) => result.status)).toEqual([
      "fulfilled",
      "rejected",
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    expect(results[1]).toMatchObject({ reason: full });
    expect(results[3]).toMatchObject({ reason: full });
    expect((await store.range()).map((entry) => entry.key)).toEqual(["a", "c", "d", "first"]);
  });

  it("takes writes again when space was freed, and has lost nothing after a restart", async () => {
    const home = await temporaryHome();
    const storage = await startStorage(home, { maximumBytes: 256 * 1024 });
    const store = await storage.open("things");
    const written: string[] = [];
    for (let index = 0; index < 50; index += 1) {
      const key = `k${String(index).padStart(2, "0")}`;
      await store.write([put(key, 10_000)]).then(
        () => written.push(key),
        (error) => expect(error).toMatchObject(full),
      );
    }
    expect(written.length).toBeGreaterThan(10);
    expect(written.length).toBeLessThan(26);
    await store.write(written.slice(0, 5).map((key) => ({ type: "delete", key })));
    await store.write([put("after", 10_000)]);
    await storage.stop();
    const again = await startStorage(home);
    onTestFinished(async () => await again.stop());
    const keys = (await (await again.open("things")).range()).map((entry) => entry.key);
    expect(keys).toEqual(["after", ...written.slice(5)]);
  });
});
