import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { RuntimeHarness } from "./runtime-harness.ts";
import { command } from "./wasi-programs.ts";
import { WasmNode } from "./wasm-node.ts";

describe("records of runtime-wasm", () => {
  it("a start that could not be written did not take place, and is made again", async () => {
    const harness = await RuntimeHarness.create();
    const id = await harness.create(await harness.node.modules.program({ does: "exits", code: 3 }));
    harness.node.disk.failNextSync();
    await expect(harness.runtime.startContainer(id)).rejects.toMatchObject({ code: "SKERRY_STORAGE_FULL" });
    expect((await harness.get(id)).state).toBe("created");
    await harness.runtime.startContainer(id);
    expect(await harness.exited(id)).toMatchObject({ exitCode: 3 });
  });

  it("an end that could not be written is seen, and after a restart the container is known to have ended", async () => {
    const harness = await RuntimeHarness.create();
    const id = await harness.run(await harness.node.modules.program({ does: "sleeps" }));
    harness.node.disk.failNextSync();
    await harness.runtime.stopContainer(id, 5000);
    expect(await harness.get(id)).toMatchObject({ state: "exited", exitCode: 143 });
    expect(harness.node.logger.records).toContainEqual(
      expect.objectContaining({ level: "warn", message: "the end of a container was not written" }),
    );
    harness.runtime = await harness.node.restart("killed");
    expect(await harness.get(id)).toMatchObject({ state: "exited", exitCode: 255, reason: "Unknown" });
  });

  it("nothing is made that could not be written", async () => {
    const harness = await RuntimeHarness.create();
    const full = { code: "SKERRY_STORAGE_FULL" };
    harness.node.disk.failNextSync();
    await expect(harness.create(command([], "(nop)"))).rejects.toMatchObject(full);
    harness.node.disk.failNextSync();
    await expect(harness.runtime.stopSandbox(harness.sandbox)).rejects.toMatchObject(full);
    expect(await harness.runtime.containers()).toEqual([]);
    expect(await harness.runtime.sandboxes()).toMatchObject([{ state: "ready" }]);
  });

  it("a record that cannot be read is left out and named; the others are there", async () => {
    const harness = await RuntimeHarness.create();
    await harness.node.disk.append("runtime-wasm", [{ type: "put", key: "container/broken", value: Buffer.from("{") }]);
    harness.runtime = await harness.node.restart("stopped");
    expect(await harness.runtime.sandboxes()).toMatchObject([{ id: harness.sandbox }]);
    expect(harness.node.logger.records).toContainEqual(
      expect.objectContaining({ level: "error", fields: expect.objectContaining({ key: "container/broken" }) }),
    );
  });

  it("a program that listens to nobody does not keep the node from stopping", async () => {
    const harness = await RuntimeHarness.create();
    const id = await harness.run(command([], "(loop $again (br $again))"));
    harness.runtime = await harness.node.restart("stopped");
    expect(await harness.get(id)).toMatchObject({ state: "exited", exitCode: 137, reason: "Error" });
  });
});

describe("an installation that is not whole", () => {
  async function emptyFolder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "skerry-empty-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    return folder;
  }

  it("lacks the program of the threads", async () => {
    const node = await WasmNode.create();
    onTestFinished(() => node.remove());
    await expect(node.boot(await emptyFolder())).rejects.toMatchObject({
      code: "SKERRY_RUNTIME_WASM_NO_PROGRAM",
      family: "manifest",
    });
  });

  it("has a program that cannot begin", async () => {
    const harness = await RuntimeHarness.create();
    const folder = await emptyFolder();
    await writeFile(join(folder, "runtime-wasm-worker.cjs"), "throw new Error('not today');");
    const id = await harness.create(command([], "(nop)"));
    await harness.runtime.stop();
    harness.runtime = await harness.node.boot(folder);
    await expect(harness.runtime.startContainer(id)).rejects.toMatchObject({
      code: "SKERRY_RUNTIME_BAD_CONTAINER",
      message: "container main cannot be run: not today",
    });
    expect(await harness.get(id)).toMatchObject({ state: "exited", exitCode: 128, reason: "StartError" });
  });

  it("names certificate authorities that are not there", async () => {
    const node = await WasmNode.create({ registryCa: "never.pem" });
    onTestFinished(() => node.remove());
    await expect(node.boot()).rejects.toMatchObject({ code: "SKERRY_RUNTIME_WASM_BAD_CA", family: "settings" });
  });
});
