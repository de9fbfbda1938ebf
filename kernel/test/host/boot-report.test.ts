import { FakeClock } from "@skerry/testing";
import { expect, it } from "vitest";
import { formatBootReport, planBoot, plannedReport } from "../../src/host/index.ts";
import { Diary, Greeter, manifest, start } from "./fixtures.ts";

it("the boot report shows plugins in order, with state, time, what they give and take, and what went wrong", async () => {
  const clock = new FakeClock();
  const diary = new Diary();
  const fails = { start: () => Promise.reject(new Error("no adapter")) };
  const booting = start(
    [
      diary.plugin(manifest("radio", { essential: false, requires: [Greeter.id] }), fails),
      diary.plugin(
        manifest("maker", {
          provides: [Greeter.id],
          requires: ["kernel.clock/1"],
          contributes: [],
          capabilities: ["net.listen", "fs.read"],
        }),
        { start: () => clock.sleep(12) },
      ),
    ],
    { clock },
  );
  await clock.advance(12);
  await using kernel = await booting;
  const report = kernel.inspect();
  expect(JSON.parse(JSON.stringify(report))).toEqual({
    node: "n",
    profile: "test",
    version: "0.0.0",
    state: "degraded",
    bootMs: 12,
    plugins: [
      {
        id: "maker",
        summary: "the maker of a test",
        state: "running",
        essential: true,
        provides: ["test.greeter/1"],
        requires: ["kernel.clock/1"],
        contributes: [],
        capabilities: ["net.listen", "fs.read"],
        startMs: 12,
      },
      {
        id: "radio",
        summary: "the radio of a test",
        state: "failed",
        essential: false,
        provides: [],
        requires: ["test.greeter/1"],
        contributes: [],
        capabilities: [],
        error: {
          code: "SKERRY_PLUGIN_START_FAILED",
          message: "radio did not start: no adapter",
          advice: "Mend what it names and start the node again.",
        },
      },
    ],
  });
  expect(formatBootReport(report)).toMatchInlineSnapshot(`
    "test n: degraded, booted in 12 ms (skerry 0.0.0)
    ├─ maker: running 12.0 ms
    │     the maker of a test
    │     provides test.greeter/1
    │     capabilities net.listen, fs.read
    └─ radio: failed, not essential
          the radio of a test
          ! radio did not start: no adapter [SKERRY_PLUGIN_START_FAILED]
            Mend what it names and start the node again.
          requires test.greeter/1
    "
  `);
});

it("a planned report needs no node", () => {
  const { plugins } = planBoot([{ manifest: manifest("a") }], { provides: [], extensionPoints: [] });
  expect(plannedReport(plugins)).toMatchObject([{ id: "a", state: "planned", essential: true }]);
});
