import { tmpdir } from "node:os";
import { LinkState, type NodeInfo, RuntimeCatalog, Uplink, UplinkLog } from "@skerry/contracts";
import { FakeClock, FakeLinkState, FakeUplink, FakeUplinkLog, RecordingLogger, startTestNode } from "@skerry/testing";
import { describe, expect, it, vi } from "vitest";
import { describeHost, NodeReporter, plugin, readHost } from "../src/edge/index.ts";
import { parseNodeFacts } from "../src/shared/node-facts.ts";
import { facts, host, wasm } from "./facts.ts";

const node: NodeInfo = { name: "edge-1", profile: "edge", home: tmpdir(), programs: "/nonexistent", version: "0.1.0" };

describe("the facts of a host", () => {
  it("are what a Node shows", () => {
    expect(describeHost(host, { version: "0.1.0", pods: 110, runtimes: [] })).toEqual(facts);
  });

  it("offer room for Pods where a runtime runs them", () => {
    const offer = { version: "0.1.0", pods: 110, runtimes: [wasm] };
    expect(describeHost(host, offer)).toEqual({ ...facts, pods: 110, runtimes: [wasm] });
  });

  it("name scarce memory and storage", () => {
    const scarce = {
      ...host,
      memory: { totalBytes: 1024 ** 3, freeBytes: 99 * 1024 ** 2 },
      storage: { totalBytes: 1000, freeBytes: 99, isReadOnly: false },
    };
    const { pressures } = describeHost(scarce, { version: "0.1.0", pods: 0, runtimes: [] });
    expect(pressures.map(({ status, reason }) => [status, reason])).toEqual([
      ["True", "MemoryScarce"],
      ["True", "DiskScarce"],
    ]);
  });

  it("name a disk that takes no writes, however much is free", () => {
    const dead = { ...host, storage: { ...host.storage, isReadOnly: true } };
    const { pressures } = describeHost(dead, { version: "0.1.0", pods: 0, runtimes: [] });
    expect(pressures[1]).toMatchObject({ type: "DiskPressure", status: "True", reason: "DiskReadOnly" });
  });

  it.each([
    ["PRETTY_NAME='Alpine Linux'", "Alpine Linux"],
    ["PRETTY_NAME=Arch", "Arch"],
    ['PRETTY_NAME="A \\"quoted\\" name"', 'A "quoted" name'],
    ['PRETTY_NAME=""', "linux"],
    ["", "linux"],
  ])("read the name of the system from %j", (osRelease, osImage) => {
    expect(describeHost({ ...host, osRelease }, { version: "", pods: 0, runtimes: [] }).osImage).toBe(osImage);
  });

  it("of this machine can be read and are accepted by the cloud", async () => {
    const real = describeHost(await readHost(node.home), { version: "0.1.0", pods: 0, runtimes: [] });
    expect(real.cpus).toBeGreaterThan(0);
    expect(real.memoryBytes).toBeGreaterThan(0);
    expect(real.storageBytes).toBeGreaterThan(0);
    expect(real.addresses.at(-1)?.type).toBe("Hostname");
    expect(typeof parseNodeFacts(JSON.parse(JSON.stringify(real)))).toBe("object");
  });
});

describe("the node reporter", () => {
  const prepare = (catalog?: RuntimeCatalog) => {
    const clock = new FakeClock();
    const uplink = new FakeUplink();
    const link = new FakeLinkState();
    const logger = new RecordingLogger();
    const reporter = new NodeReporter(node, uplink, clock, logger, { refreshMs: 60_000, pods: 110 }, link, catalog);
    return { clock, uplink, link, logger, reporter };
  };

  it("reports at the start and when the link is back, and stops", async () => {
    const { clock, uplink, link, reporter } = prepare();
    await reporter.start();
    expect(uplink.puts).toHaveLength(1);
    expect(uplink.latest("node", "edge-1")).toMatchObject({ kubeletVersion: "v1.32.0-skerry.0.1.0" });
    link.set({ state: "resyncing", since: 0, reason: "" });
    link.set({ state: "online", since: 0, reason: "" });
    await vi.waitFor(() => expect(uplink.puts).toHaveLength(2));
    await vi.waitFor(() => expect(clock.pending).toBe(1));
    await reporter.stop();
    expect(clock.pending).toBe(0);
  });

  it("reports the runtimes of the moment", async () => {
    const runtimes = [{ ...wasm, isConfined: true }];
    const { uplink, link, reporter } = prepare({ list: () => runtimes });
    await reporter.start();
    expect(uplink.latest("node", "edge-1")).toMatchObject({ pods: 110, runtimes: [wasm] });
    runtimes.pop();
    link.set({ state: "online", since: 0, reason: "" });
    await vi.waitFor(() => expect(uplink.latest("node", "edge-1")).toMatchObject({ pods: 0, runtimes: [] }));
    await reporter.stop();
  });

  it("reports every fifth look at the latest", async () => {
    const { clock, uplink, reporter } = prepare();
    await reporter.start();
    for (let look = 0; look < 5; look += 1) {
      await clock.advance(60_000);
      await vi.waitFor(() => expect(clock.pending).toBe(1));
    }
    expect(uplink.puts.length).toBeGreaterThanOrEqual(2);
    expect(uplink.puts.length).toBeLessThan(6);
    await reporter.stop();
  });

  it("goes on after a failure", async () => {
    const { clock, uplink, logger, reporter } = prepare();
    uplink.failNext(new Error("disk full"));
    await reporter.start();
    expect(logger.records.map(({ level }) => level)).toEqual(["warn"]);
    await clock.advance(60_000);
    await vi.waitFor(() => expect(uplink.puts).toHaveLength(1));
    await vi.waitFor(() => expect(clock.pending).toBe(1));
    await reporter.stop();
  });

  it.each([
    ["without", [], 0],
    ["with", [[RuntimeCatalog, { list: () => [wasm] }]], 110],
  ] as const)("boots as a plugin, %s a catalog of runtimes", async (_, catalog, pods) => {
    const uplink = new FakeUplink();
    await using running = await startTestNode({
      plugins: [plugin],
      with: [[Uplink, uplink], [UplinkLog, new FakeUplinkLog()], [LinkState, new FakeLinkState()], ...catalog],
      node,
    });
    expect(running).toBeDefined();
    expect(uplink.latest("node", "edge-1")).toMatchObject({ pods });
  });
});
