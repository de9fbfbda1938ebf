import { expect, it, vi } from "vitest";
import { RuntimeHarness, type WorkloadRuntimeContractOptions } from "./harness.ts";

/** What the contract says of the life of a container. */
export function containerCases(options: WorkloadRuntimeContractOptions): void {
  const { supports } = options;
  const open = () => RuntimeHarness.open(options);

  it("lists a container as it was asked for; it runs when it is started, and only once", async () => {
    const harness = await open();
    const { runtime } = harness;
    const sandbox = await harness.sandbox();
    const config = await harness.containerConfig({ does: "sleeps" }, { attempt: 2, labels: { a: "b" } });
    const id = await runtime.createContainer(sandbox, config);
    const created = await harness.get(id);
    expect(created).toMatchObject({ sandbox, config, state: "created", createdAt: expect.any(Number) });
    expect([created.startedAt, created.finishedAt, created.exitCode]).toEqual([undefined, undefined, undefined]);
    await runtime.startContainer(id);
    const running = await harness.get(id);
    expect(running).toMatchObject({ config, state: "running", startedAt: expect.any(Number) });
    expect(running.exitCode).toBeUndefined();
    expect(created.state).toBe("created");
    const wrongState = { code: "SKERRY_RUNTIME_WRONG_STATE", family: "conflict" };
    await expect(runtime.startContainer(id)).rejects.toMatchObject(wrongState);
    await runtime.stopContainer(id, 10_000);
    await expect(runtime.startContainer(id)).rejects.toMatchObject(wrongState);
    await expect(runtime.startContainer("never")).rejects.toMatchObject({ code: "SKERRY_RUNTIME_NO_SUCH" });
  });

  it.each([
    [0, "Completed"],
    [1, "Error"],
    [42, "Error"],
  ])("sees it exit with %d", async (code, reason) => {
    const harness = await open();
    const id = await harness.run({ does: "exits", code });
    const { createdAt, startedAt = 0, finishedAt = 0, ...exit } = await harness.exited(id);
    expect(exit).toMatchObject({ exitCode: code, reason });
    expect(createdAt).toBeLessThanOrEqual(startedAt);
    expect(startedAt).toBeLessThanOrEqual(finishedAt);
  });

  it("gives it arguments and environment, and keeps what it prints", async () => {
    const harness = await open();
    const lines = ["plain", "two words", "quotes \"' $HOME", "Grüße ☃", ""];
    const env = [
      { name: "GREETING", value: "hello=world" },
      { name: "EMPTY", value: "" },
    ];
    await harness.exited(await harness.run({ does: "prints", lines }, { env }));
    await vi.waitFor(async () => {
      const log = await harness.log();
      expect(new Set(log.map(({ tag }) => tag))).toEqual(new Set(["F"]));
      const texts = (stream: string) => log.filter((entry) => entry.stream === stream).map(({ text }) => text);
      expect(texts("stdout")).toEqual(lines);
      expect(texts("stderr")).toEqual(expect.arrayContaining(["GREETING=hello=world", "EMPTY="]));
    });
  });

  it("asks it to end, and it does within its grace", async () => {
    const harness = await open();
    const id = await harness.run({ does: "sleeps" });
    await harness.runtime.stopContainer(id, 3_600_000);
    expect(await harness.get(id)).toMatchObject({ state: "exited", exitCode: 143, reason: "Error" });
  });

  it("kills it when its grace is over", async () => {
    const harness = await open();
    const id = await harness.run({ does: "loops" });
    let isStopped = false;
    const stopping = harness.runtime.stopContainer(id, 300).then(() => {
      isStopped = true;
    });
    await harness.under.elapse(100);
    expect([isStopped, (await harness.get(id)).state]).toEqual([false, "running"]);
    await harness.under.elapse(200);
    await stopping;
    expect(await harness.get(id)).toMatchObject({ state: "exited", exitCode: 137, reason: "Error" });
  });

  it("kills it earlier when it is stopped again with less grace", async () => {
    const harness = await open();
    const id = await harness.run({ does: "loops" });
    const patient = harness.runtime.stopContainer(id, 3_600_000);
    await harness.runtime.stopContainer(id, 0);
    await patient;
    expect(await harness.get(id)).toMatchObject({ state: "exited", exitCode: 137 });
  });

  it("stops one that is not running, or gone, without a word", async () => {
    const harness = await open();
    const { runtime } = harness;
    const ended = await harness.run({ does: "exits", code: 3 });
    const before = await harness.exited(ended);
    await runtime.stopContainer(ended, 0);
    expect(await harness.get(ended)).toEqual(before);
    const created = await harness.create(await harness.sandbox(), { does: "sleeps" });
    await runtime.stopContainer(created, 0);
    expect((await harness.get(created)).state).not.toBe("running");
    await runtime.stopContainer("never", 10);
  });

  it("removes one, running or not, and its log stays", async () => {
    const harness = await open();
    const { runtime } = harness;
    const printed = await harness.run({ does: "prints", lines: ["stays"] });
    await harness.exited(printed);
    const looping = await harness.run({ does: "loops" }, { logPath: "loops.log" });
    await runtime.removeContainer(printed);
    await runtime.removeContainer(looping);
    await runtime.removeContainer(looping);
    await runtime.removeContainer("never");
    expect(await runtime.containers()).toEqual([]);
    await expect(runtime.startContainer(looping)).rejects.toMatchObject({ code: "SKERRY_RUNTIME_NO_SUCH" });
    await vi.waitFor(async () => expect((await harness.log()).map(({ text }) => text)).toContain("stays"));
  });

  it("lets verbs of other containers go on while one is waited for", async () => {
    const harness = await open();
    const looping = await harness.run({ does: "loops" });
    const stopping = harness.runtime.stopContainer(looping, 3_600_000);
    const others = await Promise.all(
      [4, 5].map((code) => harness.run({ does: "exits", code }, { logPath: `${code}.log` })),
    );
    expect([await harness.exited(others[0] ?? ""), await harness.exited(others[1] ?? "")]).toMatchObject([
      { exitCode: 4 },
      { exitCode: 5 },
    ]);
    expect((await harness.get(looping)).state).toBe("running");
    await harness.runtime.removeContainer(looping);
    await stopping;
  });

  it.runIf(supports.limitsMemory)("kills one that goes over its memory, and no other", async () => {
    const harness = await open();
    const neighbour = await harness.run({ does: "sleeps" }, { logPath: "neighbour.log" });
    const resources = { memoryLimitBytes: 16 * 1024 * 1024 };
    const id = await harness.run({ does: "eats memory" }, { resources });
    expect(await harness.exited(id)).toMatchObject({ exitCode: 137, reason: "OOMKilled" });
    expect((await harness.get(neighbour)).state).toBe("running");
  });

  it("refuses a program that does not exist, by name", async () => {
    const harness = await open();
    const badContainer = { code: "SKERRY_RUNTIME_BAD_CONTAINER", family: "invalid" };
    const sandbox = await harness.sandbox();
    const creating = harness.create(sandbox, { does: "not exist" });
    if (supports.checksProgram) {
      await expect(creating).rejects.toMatchObject(badContainer);
      expect(await harness.runtime.containers()).toEqual([]);
    } else {
      const id = await creating;
      await expect(harness.runtime.startContainer(id)).rejects.toMatchObject(badContainer);
      expect(await harness.get(id)).toMatchObject({ state: "exited", reason: "StartError" });
    }
  });

  it("refuses one whose image is not on the node", async () => {
    const harness = await open();
    const imageId = `sha256:${"0".repeat(64)}`;
    await expect(harness.create(await harness.sandbox(), { does: "sleeps" }, { imageId })).rejects.toMatchObject({
      code: "SKERRY_RUNTIME_BAD_CONTAINER",
    });
  });
}
