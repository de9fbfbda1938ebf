import { mkdir, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ContainerConfig } from "@skerry/contracts";
import { describe, expect, it } from "vitest";
import { RuntimeHarness } from "./runtime-harness.ts";
import { assemble, command } from "./wasi-programs.ts";

const ends = command([], "(nop)");

async function refusal(harness: RuntimeHarness, over: Partial<ContainerConfig>, module = ends): Promise<string> {
  const refused = await harness.create(module, over).then(
    () => expect.fail("was made"),
    (error: { code: string; message: string }) => error,
  );
  expect(refused.code).toBe("SKERRY_RUNTIME_BAD_CONTAINER");
  expect(await harness.runtime.containers()).toEqual([]);
  return refused.message;
}

describe("a container that cannot be run is refused, with a sentence:", () => {
  it("no command", async () => {
    const harness = await RuntimeHarness.create();
    expect(await refusal(harness, { command: [] })).toBe(
      "container main cannot be run: it has no command, and its image scratch brings none",
    );
  });

  it("a command under no mount", async () => {
    const harness = await RuntimeHarness.create();
    expect(await refusal(harness, { command: ["/bin/sh"] })).toMatch(/\/bin\/sh is under no mount; mounted are \/app$/);
    expect(await refusal(harness, { command: ["/application/x.wasm"] })).toMatch(/is under no mount/);
    expect(await refusal(harness, { mounts: [] })).toMatch(/is under no mount; the container has none$/);
  });

  it("a file that is missing, a folder, or one that leads out of its mount", async () => {
    const harness = await RuntimeHarness.create();
    const { path } = harness.node.modules;
    await mkdir(join(path, "folder"));
    await symlink("/etc/hostname", join(path, "out"));
    await symlink("circle", join(path, "circle"));
    expect(await refusal(harness, { command: ["/app/never"] })).toMatch(/there is no file \/app\/never$/);
    expect(await refusal(harness, { command: ["/app/circle"] })).toMatch(/there is no file \/app\/circle$/);
    expect(await refusal(harness, { command: ["/app/folder"] })).toMatch(/\/app\/folder is not a file$/);
    expect(await refusal(harness, { command: ["/app/out"] })).toMatch(/\/app\/out leads out of the mount \/app$/);
    expect(await refusal(harness, { command: ["/app/../etc/x"] })).toMatch(/is under no mount/);
  });

  it("a mount that is missing, twice there, or relative", async () => {
    const harness = await RuntimeHarness.create();
    const mount = { containerPath: "/data", hostPath: harness.logs, readOnly: true };
    const mounts = (...more: readonly (typeof mount)[]) => ({ mounts: more });
    expect(await refusal(harness, mounts({ ...mount, hostPath: "/never" }))).toMatch(/at \/data is not on this node/);
    expect(await refusal(harness, mounts(mount, { ...mount, containerPath: "/data/" }))).toMatch(/is mounted twice/);
    expect(await refusal(harness, mounts({ ...mount, containerPath: "data" }))).toMatch(/data is not absolute/);
  });

  it("a module that is larger than the setting", async () => {
    const harness = await RuntimeHarness.create({ moduleBytes: 65_536 });
    const file = join(harness.node.modules.path, "large.wasm");
    await writeFile(file, ends);
    await truncate(file, 100_000);
    expect(await refusal(harness, { command: ["/app/large.wasm"] })).toMatch(/has 100000 bytes; .* 65536/);
  });

  it("what is not WebAssembly", async () => {
    const harness = await RuntimeHarness.create();
    expect(await refusal(harness, {}, Buffer.from("#!/bin/sh\n"))).toMatch(/not .*WebAssembly/i);
    expect(await refusal(harness, {}, new Uint8Array())).toMatch(/not .*WebAssembly/i);
    expect(await refusal(harness, {}, ends.subarray(0, ends.length - 3))).toMatch(/WebAssembly|module/i);
  });

  it("no _start", async () => {
    const harness = await RuntimeHarness.create();
    const library = assemble(`(module (memory (export "memory") 1) (func (export "run")))`);
    expect(await refusal(harness, {}, library)).toMatch(/_start/);
  });

  it("imports that there are not, by name", async () => {
    const harness = await RuntimeHarness.create();
    const importing = (module: string, name: string) =>
      assemble(`(module (import "${module}" "${name}" (func $f (param i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (func (export "_start") (drop (call $f (i32.const 0) (i32.const 0) (i32.const 0)))))`);
    expect(await refusal(harness, {}, importing("wasi_snapshot_preview1", "sock_accept"))).toMatch(/sock_accept/);
    expect(await refusal(harness, {}, importing("env", "emscripten_x"))).toMatch(/env.*emscripten_x/);
  });

  it("more memory from the start than its limit", async () => {
    const harness = await RuntimeHarness.create();
    const large = assemble(`(module (memory (export "memory") 100) (func (export "_start")))`);
    expect(await refusal(harness, { resources: { memoryLimitBytes: 1_048_576 } }, large)).toMatch(/memory/);
  });

  it("a log outside of the Pod's folder", async () => {
    const harness = await RuntimeHarness.create();
    expect(await refusal(harness, { logPath: "../x.log" })).toMatch(/log path \.\.\/x\.log/);
    expect(await refusal(harness, { logPath: "/x.log" })).toMatch(/log path \/x\.log/);
  });
});

describe("a container whose program is gone when it starts", () => {
  it("has not started, and says so", async () => {
    const harness = await RuntimeHarness.create();
    const program = await harness.node.modules.module(ends);
    const id = await harness.create(program);
    await writeFile(join(harness.node.modules.path, "1.wasm"), "not any more");
    await expect(harness.runtime.startContainer(id)).rejects.toMatchObject({ code: "SKERRY_RUNTIME_BAD_CONTAINER" });
    const container = await harness.get(id);
    expect(container).toMatchObject({ state: "exited", exitCode: 128, reason: "StartError" });
    expect(container.message).toMatch(/WebAssembly/i);
  });
});
