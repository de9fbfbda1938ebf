import { Storage } from "@skerry/contracts";
import { startTestNode } from "@skerry/testing";
import { expect, it } from "vitest";
import { MemoryDisk, plugin, storageMemoryOn } from "../src/index.ts";

const value = Uint8Array.of(1);

it("storage-memory comes up as a plugin", async () => {
  await using node = await startTestNode({ plugins: [plugin] });
  const store = await node.service(Storage).open("a");
  await store.write([{ type: "put", key: "k", value }]);
  expect(await store.get("k")).toEqual(value);
});

it("storage-memory on one disk gives a restarted node its data", async () => {
  const disk = new MemoryDisk();
  const options = { plugins: [storageMemoryOn(disk)] };
  const first = await startTestNode(options);
  await (await first.service(Storage).open("a")).write([{ type: "put", key: "k", value }]);
  await first.stop();
  await using second = await startTestNode(options);
  expect(await (await second.service(Storage).open("a")).get("k")).toEqual(value);
});
