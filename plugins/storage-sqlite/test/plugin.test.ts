import { stat } from "node:fs/promises";
import { join } from "node:path";
import { Storage } from "@skerry/contracts";
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
