import { Clock, NodeInfo, settingsToken } from "@skerry/contracts";
import { definePlugin, defineToken, inject } from "@skerry/plugin";
import { describe, expect, it } from "vitest";
import { FakeClock, startTestNode, trackLeaks } from "../src/index.ts";

interface Tide {
  level(): string;
}
const Tide = defineToken<Tide>("test.tide/1");
const Moon = defineToken<{ phase: string }>("test.moon/1");
const Settings = settingsToken<{ unit: string }>();

class MoonTide implements Tide {
  #timer: Disposable | undefined;
  constructor(
    @inject(Moon) private readonly moon: { phase: string },
    @inject(Settings) private readonly settings: { unit: string },
    @inject(Clock) private readonly clock: Clock,
    @inject(NodeInfo) private readonly node: NodeInfo,
  ) {}
  async start(): Promise<void> {
    this.#timer = this.clock.after(1_000, () => undefined);
  }
  async stop(): Promise<void> {
    this.#timer?.[Symbol.dispose]();
  }
  level(): string {
    return `${this.moon.phase} ${this.settings.unit} at ${this.node.name}`;
  }
}

const manifest = {
  id: "tide-moon",
  summary: "the tide of a test",
  sdk: "^0.1.0",
  provides: [Tide.id],
  requires: [Moon.id, "kernel.settings/1", Clock.id, NodeInfo.id],
  capabilities: ["net.listen"],
  settings: { properties: { unit: { type: "string", description: "unit", default: "m" } } },
};
const plugin = definePlugin(manifest, (scope) => scope.provide(Tide, MoonTide));
const given = { with: [[Moon, { phase: "full" }]] as const };

describe("test node", () => {
  it("boots plugins with what they ask for, fakes in place of the rest, and leaves nothing", async () => {
    const clock = new FakeClock();
    await using leaks = trackLeaks({ clocks: [clock] });
    await using node = leaks.own("node", await startTestNode({ ...given, plugins: [plugin], clock }));
    expect(node.service(Tide).level()).toBe("full m at test-node");
    expect(node.state).toBe("running");
    expect(clock.pending).toBe(1);
  });

  it("takes settings, grants and a name", async () => {
    const entry = { plugin, settings: { unit: "ft" }, grants: ["net.listen"] };
    await using node = await startTestNode({ ...given, plugins: [entry], node: { name: "edge-1" } });
    expect(node.service(Tide).level()).toBe("full ft at edge-1");
  });

  it("refuses as the real kernel does", async () => {
    const entry = { plugin, settings: { unit: 1 }, grants: [] };
    const refused = await startTestNode({ plugins: [entry] }).then(
      () => [],
      (error: AggregateError) => error.errors.map(({ code }) => code),
    );
    expect(refused).toEqual(["SKERRY_BOOT_BAD_SETTING", "SKERRY_BOOT_NOT_GRANTED", "SKERRY_BOOT_NO_PROVIDER"]);
  });
});
