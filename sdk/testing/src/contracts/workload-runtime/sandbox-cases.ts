import { expect, it, vi } from "vitest";
import { RuntimeHarness, type WorkloadRuntimeContractOptions } from "./harness.ts";

/** What the contract says of sandboxes, images and watching. */
export function sandboxCases(options: WorkloadRuntimeContractOptions): void {
  const open = () => RuntimeHarness.open(options);

  it("says what it is, and has nothing at first", async () => {
    const { runtime, under } = await open();
    const { name, version, handlers } = runtime.info;
    expect([name, version].every((text) => text.length > 0)).toBe(true);
    expect(handlers).toContain(under.handler);
    expect([await runtime.sandboxes(), await runtime.containers()]).toEqual([[], []]);
  });

  it("lists a sandbox as it was asked for", async () => {
    const harness = await open();
    const { runtime } = harness;
    const [first, second] = [harness.sandboxConfig(), harness.sandboxConfig({ attempt: 1, annotations: { a: "b" } })];
    const ids = [await runtime.runSandbox(first), await runtime.runSandbox(second)];
    const listed = await runtime.sandboxes();
    expect(ids.map((id) => listed.find((sandbox) => sandbox.id === id)?.config)).toEqual([first, second]);
    expect(listed.length).toBe(2);
    for (const { state, createdAt, ips } of listed) {
      expect(state).toBe("ready");
      expect(createdAt).toBeGreaterThan(0);
      expect(Array.isArray(ips)).toBe(true);
    }
  });

  it("stops and removes a sandbox, also twice, also one that never was", async () => {
    const { runtime, sandbox } = await openWithSandbox();
    await runtime.stopSandbox(sandbox);
    await runtime.stopSandbox(sandbox);
    expect(await runtime.sandboxes()).toMatchObject([{ id: sandbox, state: "notReady" }]);
    await runtime.removeSandbox(sandbox);
    await runtime.removeSandbox(sandbox);
    await runtime.stopSandbox("never");
    await runtime.removeSandbox("never");
    expect(await runtime.sandboxes()).toEqual([]);
  });

  it("kills the containers of a sandbox that is stopped, without grace, and no others", async () => {
    const { harness, runtime, sandbox } = await openWithSandbox();
    const sleeping = await harness.run({ does: "sleeps" }, {}, sandbox);
    const looping = await harness.run({ does: "loops" }, { name: "other", logPath: "other.log" }, sandbox);
    const neighbour = await harness.run({ does: "sleeps" }, { logPath: "neighbour.log" });
    await runtime.stopSandbox(sandbox);
    expect(await harness.get(sleeping)).toMatchObject({ state: "exited", exitCode: 137, reason: "Error" });
    expect(await harness.get(looping)).toMatchObject({ state: "exited", exitCode: 137, reason: "Error" });
    expect((await harness.get(neighbour)).state).toBe("running");
  });

  it("removes a sandbox with its containers, running or not; their logs stay", async () => {
    const { harness, runtime, sandbox } = await openWithSandbox();
    const printing = await harness.run({ does: "prints", lines: ["stays"] }, {}, sandbox);
    await harness.exited(printing);
    await harness.run({ does: "sleeps" }, { name: "other", logPath: "other.log" }, sandbox);
    await harness.create(sandbox, { does: "sleeps" }, { name: "third", logPath: "third.log" });
    await runtime.removeSandbox(sandbox);
    expect([await runtime.sandboxes(), await runtime.containers()]).toEqual([[], []]);
    await vi.waitFor(async () => expect((await harness.log()).map(({ text }) => text)).toContain("stays"));
  });

  it("makes containers only in a sandbox that is ready", async () => {
    const { harness, runtime, sandbox } = await openWithSandbox();
    const intent = { does: "sleeps" } as const;
    await expect(harness.create("never", intent)).rejects.toMatchObject({ code: "SKERRY_RUNTIME_NO_SUCH" });
    await runtime.stopSandbox(sandbox);
    await expect(harness.create(sandbox, intent)).rejects.toMatchObject({ code: "SKERRY_RUNTIME_WRONG_STATE" });
    expect(await runtime.containers()).toEqual([]);
  });

  it("tells watchers of every change, with the ids, until they are let go", async () => {
    const { harness, runtime } = await openWithSandbox();
    const seen = harness.changes();
    const sandbox = await harness.sandbox();
    await vi.waitFor(() => expect(seen).toContainEqual({ sandbox }));
    const container = await harness.create(sandbox, { does: "sleeps" });
    const told = async () => {
      await vi.waitFor(() => expect(seen).toContainEqual({ sandbox, container }));
      seen.length = 0;
    };
    await told();
    await runtime.startContainer(container);
    await told();
    await runtime.stopContainer(container, 10_000);
    await told();
    await runtime.removeContainer(container);
    await told();
    const late: unknown[] = [];
    const watch = runtime.watch((change) => late.push(change));
    watch[Symbol.dispose]();
    await runtime.stopSandbox(sandbox);
    await vi.waitFor(() => expect(seen).toContainEqual({ sandbox }));
    expect(late).toEqual([]);
  });

  it("has images by name, and gives one name one id", async () => {
    const { runtime, under } = await open();
    const { image } = await under.program({ does: "sleeps" });
    const pulled = await runtime.images.pull(image);
    expect(pulled.id).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await runtime.images.status(image)).toEqual(pulled);
    expect(await runtime.images.list()).toContainEqual(pulled);
    expect((await runtime.images.pull(image)).id).toBe(pulled.id);
  });

  it("refuses names that no image can have, and knows nothing of images that it never had", async () => {
    const { runtime } = await open();
    const badName = { code: "SKERRY_RUNTIME_BAD_IMAGE_NAME", family: "invalid" };
    await expect(runtime.images.pull("NOT an image")).rejects.toMatchObject(badName);
    await expect(runtime.images.pull("")).rejects.toMatchObject(badName);
    expect(await runtime.images.status("registry.example/never:1")).toBeUndefined();
    await runtime.images.remove(`sha256:${"0".repeat(64)}`);
  });

  async function openWithSandbox() {
    const harness = await open();
    return { harness, runtime: harness.runtime, sandbox: await harness.sandbox() };
  }
}
