import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { digestOf, FakeRegistry } from "@skerry/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ImagePull } from "../../src/images/image-puller.ts";
import { parseImageReference } from "../../src/images/image-reference.ts";
import { ImageStore } from "../../src/images/image-store.ts";
import { type TarItem, tar } from "./tar.ts";

const module = Buffer.from("\0asm\x01\0\0\0", "latin1");
const wasmLayer = { mediaType: "application/wasm", content: module };
const layer = (...items: readonly TarItem[]) => ({
  mediaType: "application/vnd.oci.image.layer.v1.tar+gzip",
  content: gzipSync(tar(items)),
});

let folder: string;
let store: ImageStore;
let registry: FakeRegistry;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "skerry-images-"));
  store = new ImageStore(join(folder, "images"));
  await store.open();
  registry = await FakeRegistry.start();
});

afterEach(async () => {
  await registry[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

function pull(image: string, credentials?: { username: string; password: string }) {
  const reference = parseImageReference(`${registry.host}/${image}`);
  if (typeof reference === "string") throw new Error(reference);
  const { signal } = new AbortController();
  return new ImagePull(reference, store, { runtime: "test", signal, credentials }).run();
}

const leftovers = async () => (await readdir(join(folder, "images"))).filter((name) => name.startsWith("tmp-"));

describe("pulling", () => {
  it("takes an artifact that is one module", async () => {
    const id = registry.publish("hello", "1", [wasmLayer]);
    const image = await pull("hello:1");
    expect(image).toMatchObject({ id, names: [`${registry.host}/hello:1`], config: { entrypoint: ["/module.wasm"] } });
    expect(await readFile(join(image.root, "module.wasm"))).toEqual(module);
  });

  it("takes layers in order, with whiteouts, links and the image's configuration", async () => {
    const layers = [
      layer({ path: "app/", type: "5" }, { path: "app/a.wasm", content: "old" }, { path: "./app/b", content: "b" }),
      layer({ path: "app/.wh.b" }, { path: "/app/a.wasm", content: module }, { path: "c", type: "2", linkPath: "app" }),
    ];
    const config = { Entrypoint: ["/app/a.wasm"], Cmd: ["--x"], Env: ["A=1=2", "B"], WorkingDir: "/app" };
    registry.publish("team/app", "2", layers, config);
    const image = await pull("team/app:2");
    expect(await readdir(join(image.root, "app"))).toEqual(["a.wasm"]);
    expect(await readFile(join(image.root, "c/a.wasm"))).toEqual(module);
    expect(image.config).toEqual({
      entrypoint: ["/app/a.wasm"],
      command: ["--x"],
      env: [
        { name: "A", value: "1=2" },
        { name: "B", value: "" },
      ],
      workingDirectory: "/app",
    });
  });

  it("chooses the image for WebAssembly of an index", async () => {
    const digest = registry.publish("hello", "wasm", [wasmLayer]);
    const platform = (architecture: string) => ({ os: "linux", architecture });
    const entry = { mediaType: "application/vnd.oci.image.manifest.v1+json", size: 1 };
    registry.publishManifest("hello", "all", {
      manifests: [
        { ...entry, digest: digestOf(Buffer.from("other")), platform: platform("amd64") },
        { ...entry, digest, platform: { os: "wasip1", architecture: "wasm" } },
      ],
    });
    expect((await pull("hello:all")).id).toBe(digest);
    registry.publishManifest("hello", "none", {
      manifests: ["amd64", "arm64"].map((name) => ({ ...entry, digest, platform: platform(name) })),
    });
    await expect(pull("hello:none")).rejects.toMatchObject({
      code: "SKERRY_RUNTIME_BAD_IMAGE",
      message: expect.stringContaining("linux/amd64, linux/arm64"),
    });
  });

  it("fetches what it has only once, moves names, and finds both again after a restart", async () => {
    const first = registry.publish("hello", "1", [wasmLayer]);
    await pull("hello:1");
    registry.requests.length = 0;
    await pull("hello:1");
    expect(registry.requests).toEqual(["GET /v2/hello/manifests/1"]);
    const second = registry.publish("hello", "1", [{ ...wasmLayer, content: Buffer.concat([module, module]) }]);
    await pull("hello:1");
    const again = new ImageStore(join(folder, "images"));
    await again.open();
    expect(again.find(`${registry.host}/hello:1`)?.id).toBe(second);
    expect(again.get(first)?.names).toEqual([]);
    await again.remove(first);
    expect(await readdir(join(folder, "images"))).toHaveLength(1);
  });

  it("logs in with a token, and follows redirects", async () => {
    registry.publish("hello", "1", [wasmLayer]);
    registry.login = { username: "ada", password: "secret" };
    registry.isRedirecting = true;
    expect((await pull("hello:1", registry.login)).bytes).toBe(module.length);
    await expect(pull("hello:2")).rejects.toMatchObject({ code: "SKERRY_RUNTIME_IMAGE_NOT_FOUND" });
  });

  it("that finds nobody is to be tried again", async () => {
    const { host } = registry;
    await registry[Symbol.asyncDispose]();
    const reference = parseImageReference(`${host}/hello`);
    if (typeof reference === "string") throw new Error(reference);
    const { signal } = new AbortController();
    await expect(new ImagePull(reference, store, { runtime: "test", signal }).run()).rejects.toMatchObject({
      code: "SKERRY_RUNTIME_IMAGE_UNAVAILABLE",
      family: "unavailable",
    });
    registry = await FakeRegistry.start();
  });

  it("of a tag that is not there says so", async () => {
    await expect(pull("nobody:1")).rejects.toMatchObject({
      code: "SKERRY_RUNTIME_IMAGE_NOT_FOUND",
      message: expect.stringContaining("404"),
    });
  });

  it.each<readonly [string, readonly TarItem[]]>([
    ["goes up", [{ path: "../evil", content: "x" }]],
    ["goes up in the middle", [{ path: "a/../../evil", content: "x" }]],
    [
      "links up",
      [
        { path: "a", content: "x" },
        { path: "evil", type: "1", linkPath: "../../../etc/passwd" },
      ],
    ],
  ])("refuses an archive that %s, and leaves nothing", async (_, items) => {
    registry.publish("evil", "1", [layer(...items)]);
    await expect(pull("evil:1")).rejects.toMatchObject({ code: "SKERRY_RUNTIME_BAD_IMAGE" });
    expect(await leftovers()).toEqual([]);
    expect(await readdir(folder)).toEqual(["images"]);
  });

  it("does not write through a link of the archive", async () => {
    const items = [
      { path: "out", type: "2", linkPath: folder },
      { path: "out/evil", content: "x" },
    ];
    registry.publish("evil", "1", [layer(...items)]);
    const image = await pull("evil:1");
    expect(await readdir(folder)).toEqual(["images"]);
    expect(await readFile(join(image.root, "out/evil"), "utf8")).toBe("x");
  });

  it("refuses content that is not what its digest says, and archives that break off", async () => {
    registry.publish("bad", "1", [wasmLayer]);
    registry.put(`/v2/bad/blobs/${digestOf(module)}`, Buffer.from("\0asm\x02\0\0\0", "latin1"));
    await expect(pull("bad:1")).rejects.toMatchObject({ code: "SKERRY_RUNTIME_BAD_IMAGE" });
    const cut = { mediaType: "application/vnd.oci.image.layer.v1.tar", content: tar([{ path: "a", content: "abc" }]) };
    registry.publish("bad", "2", [{ ...cut, content: cut.content.subarray(0, 514) }]);
    await expect(pull("bad:2")).rejects.toMatchObject({ message: expect.stringContaining("ends in the middle") });
    registry.publishManifest("bad", "3", { layers: "many" });
    await expect(pull("bad:3")).rejects.toMatchObject({ code: "SKERRY_RUNTIME_BAD_IMAGE" });
    expect(await leftovers()).toEqual([]);
  });
});
