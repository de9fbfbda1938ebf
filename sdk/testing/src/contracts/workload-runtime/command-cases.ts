import { expect, it } from "vitest";
import { type ProgramIntent, RuntimeHarness, type WorkloadRuntimeContractOptions } from "./harness.ts";

/** What the contract says of programs that are run beside the one of a container. */
export function commandCases(options: WorkloadRuntimeContractOptions): void {
  const open = async () => {
    const harness = await RuntimeHarness.open(options);
    const id = await harness.run({ does: "sleeps" });
    const run = async (intent: ProgramIntent, timeoutMs = 10_000, container = id) => {
      const { command, args } = await harness.under.program(intent);
      return harness.runtime.runInContainer(container, [...command, ...args], timeoutMs);
    };
    return { harness, id, run };
  };

  if (!options.supports.runsInContainer) {
    it("are refused", async () => {
      const { run } = await open();
      await expect(run({ does: "exits", code: 0 })).rejects.toMatchObject({ code: "SKERRY_RUNTIME_NO_EXEC" });
    });
    return;
  }

  it("give their exit code, and what they printed", async () => {
    const { harness, id, run } = await open();
    expect(await run({ does: "exits", code: 0 })).toMatchObject({ exitCode: 0 });
    expect(await run({ does: "exits", code: 7 })).toMatchObject({ exitCode: 7 });
    const { exitCode, stdout } = await run({ does: "prints", lines: ["one", "two words"] });
    expect([exitCode, Buffer.from(stdout).toString()]).toEqual([0, "one\ntwo words\n"]);
    expect((await harness.get(id)).state).toBe("running");
  });

  it("that do not end in time are an error, and harm nobody", async () => {
    const { harness, id, run } = await open();
    const running = run({ does: "sleeps" }, 1_000);
    running.catch(() => undefined);
    await harness.under.elapse(1_100);
    await expect(running).rejects.toMatchObject({ code: "SKERRY_RUNTIME_TIMED_OUT" });
    expect((await harness.get(id)).state).toBe("running");
    expect(await run({ does: "exits", code: 0 })).toMatchObject({ exitCode: 0 });
  });

  it("need a container that runs", async () => {
    const { harness, run } = await open();
    const created = await harness.create(await harness.sandbox(), { does: "sleeps" });
    const wrongState = { code: "SKERRY_RUNTIME_WRONG_STATE" };
    await expect(run({ does: "exits", code: 0 }, 1_000, created)).rejects.toMatchObject(wrongState);
    const gone = run({ does: "exits", code: 0 }, 1_000, "never");
    await expect(gone).rejects.toMatchObject({ code: "SKERRY_RUNTIME_NO_SUCH" });
  });
}
