import { expect, it } from "vitest";
import { RuntimeHarness, type WorkloadRuntimeContractOptions } from "./harness.ts";

/** What the contract says of restarts of the node. */
export function restartCases(options: WorkloadRuntimeContractOptions): void {
  const open = () => RuntimeHarness.open(options);

  it.each(["stopped", "killed"] as const)("knows what there was after it was %s", async (how) => {
    const harness = await open();
    const config = harness.sandboxConfig();
    const sandbox = await harness.runtime.runSandbox(config);
    const ended = await harness.run({ does: "exits", code: 3 }, { name: "ended" }, sandbox);
    const before = await harness.exited(ended);
    const running = await harness.run({ does: "sleeps" }, { name: "running", logPath: "running.log" }, sandbox);
    const created = await harness.create(sandbox, { does: "exits", code: 4 }, { name: "created", logPath: "4.log" });
    const removed = await harness.run({ does: "sleeps" }, { name: "removed", logPath: "removed.log" }, sandbox);
    await harness.runtime.removeContainer(removed);
    await harness.restart(how);

    expect(await harness.runtime.sandboxes()).toMatchObject([{ id: sandbox, config, state: "ready" }]);
    expect(await harness.get(ended)).toEqual(before);
    expect(await harness.find(removed)).toBeUndefined();
    const after = await harness.get(running);
    if (options.supports.outlivesRestart) expect(after.state).toBe("running");
    else if (how === "killed") expect(after).toMatchObject({ state: "exited", exitCode: 255, reason: "Unknown" });
    else expect(after).toMatchObject({ state: "exited", exitCode: 143, reason: "Error" });
    if (after.state === "exited") expect(after.finishedAt).toBeGreaterThanOrEqual(after.startedAt ?? Number.NaN);
    await harness.runtime.startContainer(created);
    expect(await harness.exited(created)).toMatchObject({ exitCode: 4 });
  });

  it("gives no id twice, over a restart", async () => {
    const harness = await open();
    const first = await harness.sandbox();
    await harness.runtime.removeSandbox(first);
    await harness.restart("stopped");
    expect(await harness.sandbox()).not.toBe(first);
  });

  it("keeps a stopped sandbox stopped", async () => {
    const harness = await open();
    const sandbox = await harness.sandbox();
    await harness.runtime.stopSandbox(sandbox);
    await harness.restart("killed");
    expect(await harness.runtime.sandboxes()).toMatchObject([{ id: sandbox, state: "notReady" }]);
  });

  it("refuses every verb when it is stopped", async () => {
    const harness = await open();
    const { runtime } = harness;
    const config = harness.sandboxConfig();
    const containerConfig = await harness.containerConfig({ does: "sleeps" });
    await runtime.stop();
    const stopped = { code: "SKERRY_RUNTIME_STOPPED", family: "misuse" };
    for (const verb of [
      () => runtime.runSandbox(config),
      () => runtime.stopSandbox("any"),
      () => runtime.removeSandbox("any"),
      () => runtime.sandboxes(),
      () => runtime.createContainer("any", containerConfig),
      () => runtime.startContainer("any"),
      () => runtime.stopContainer("any", 0),
      () => runtime.removeContainer("any"),
      () => runtime.containers(),
    ]) {
      await expect(verb()).rejects.toMatchObject(stopped);
    }
  });
}
