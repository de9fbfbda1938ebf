import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeRegistry } from "@skerry/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WasmImages } from "../../src/images/image-service.ts";

const module = { mediaType: "application/wasm", content: Buffer.from("\0asm\x01\0\0\0", "latin1") };

let folder: string;
let registry: FakeRegistry;
let images: WasmImages;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "skerry-images-"));
  registry = await FakeRegistry.start();
  images = new WasmImages({ runtime: "test", folder });
  await images.start();
});

afterEach(async () => {
  await images.stop();
  await registry[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

describe("images of runtime-wasm", () => {
  it("always have scratch, which is nothing", async () => {
    const scratch = await images.pull("scratch");
    expect(scratch).toMatchObject({ names: ["scratch"], bytes: 0 });
    await images.remove(scratch.id);
    expect(await images.status("scratch")).toEqual(scratch);
    expect(images.content(scratch.id)).toEqual({ config: { entrypoint: [], command: [], env: [] } });
  });

  it("come from a registry, once also when two ask at once, and are there after a restart", async () => {
    const id = registry.publish("hello", "1", [module]);
    const name = `${registry.host}/hello:1`;
    expect(await images.status(name)).toBeUndefined();
    const [first, second] = await Promise.all([images.pull(name), images.pull(name)]);
    expect(first).toEqual({ id, names: [name], bytes: module.content.length });
    expect(second).toEqual(first);
    const again = new WasmImages({ runtime: "test", folder });
    await again.start();
    expect(await again.status(name)).toEqual(first);
    expect(again.content(id)?.config.entrypoint).toEqual(["/module.wasm"]);
    expect((await again.list()).map((image) => image.id)).toContain(id);
    await again.remove(id);
    expect(await again.status(name)).toBeUndefined();
  });

  it("refuse what is not there, and what is no name", async () => {
    await expect(images.pull(`${registry.host}/never:1`)).rejects.toMatchObject({
      code: "SKERRY_RUNTIME_IMAGE_NOT_FOUND",
    });
    await expect(images.pull("app/UPPER")).rejects.toMatchObject({ code: "SKERRY_RUNTIME_BAD_IMAGE_NAME" });
    await expect(images.status("a b")).rejects.toMatchObject({ code: "SKERRY_RUNTIME_BAD_IMAGE_NAME" });
  });
});
