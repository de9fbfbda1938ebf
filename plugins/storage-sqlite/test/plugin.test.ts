import { stat } from "node:fs/promises";
import { join } from "node:path";
import { Storage, statusSectionPoint } from "@skerry/contracts";
import { startTestNode } from "@skerry/testing";
import { expect, it } from "vitest";
import { plugin } from "../src/index.ts";
import { temporaryHome } from "./temporary-home.ts";

it("storage-sqlite comes up as a plugin, with its file in the node's home", async () => {
  const home = await temporaryHome();
  const value = Uint8Array.of(1);
  {
    await using node = await startTestNode({ plugins: [plugin], node: { home } });
    await (await node.service(Storage).open("a")).write([{ type: "put", key: "k", value }]);
  }
  expect((await stat(join(home, "skerry.db"))).size).toBeGreaterThan(0);
  await using node = await startTestNode({ plugins: [plugin], node: { home } });
  expect(await (await node.service(Storage).open("a")).get("k")).toEqual(value);
});

it("storage-sqlite says in the status whether it takes writes", async () => {
  const settings = { maximumBytes: 128 * 1024 };
  await using node = await startTestNode({
    plugins: [{ plugin, settings }],
    node: { home: await temporaryHome() },
  });
  const store = await node.service(Storage).open("a");
  const [section] = node.contributions(statusSectionPoint);
  expect(await section?.value.collect()).toMatchObject({ data: { state: "ok" } });
  const large = { type: "put", key: "k", value: new Uint8Array(1024 * 1024) } as const;
  for (let write = 0; write < 2; write += 1) {
    await expect(store.write([large])).rejects.toMatchObject({ code: "SKERRY_STORAGE_FULL" });
  }
  const { data, lines } = (await section?.value.collect()) ?? {};
  expect(data).toMatchObject({ state: "failing", failedWrites: 2, code: "SKERRY_STORAGE_FULL" });
  expect(lines?.[1]).toMatch(/takes no writes, 2 failed: the disk is full/);
  await store.write([{ type: "delete", key: "k" }]);
  expect(await section?.value.collect()).toMatchObject({ data: { state: "ok" } });
});
