import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { statusSectionPoint } from "@skerry/contracts";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { echoGuest } from "./built-guest.ts";
import { meterAddress, twin, type World, world } from "./host/world.ts";
import { hostile } from "./hostile.ts";

beforeAll(echoGuest, 120_000);

describe("a device with a hostile mapper", () => {
  it("is quarantined and named, while its neighbour misses nothing", async () => {
    const w = await world();
    await w.installHostile("loop-in-bytes");
    await w.installEcho();
    const peers: { send(bytes: Uint8Array): void }[] = [];
    w.network.serve(meterAddress.host, meterAddress.port, (peer) => peers.push(peer));
    w.twins.put(twin("bad", "loop-in-bytes"));
    w.twins.put(twin("good", "echo"));
    await vi.waitFor(() => expect(peers).toHaveLength(2));
    for (let round = 1; round <= 10; round++) {
      for (const peer of peers) peer.send(Uint8Array.of(round));
      await vi.waitFor(() => expect(w.twins.reported("factory/good", "count")).toBe(round));
    }
    const condition = await w.condition("factory/bad", "MapperReady", "MapperOutOfFuel");
    expect(condition).toMatchObject({ status: "False" });
    expect(condition?.message).toMatch(/mapper loop-in-bytes is stopped, tried again after 1 s: .*fuel.*on_bytes/);
    expect(w.twins.condition("factory/bad", "Connected")).toMatchObject({ status: "Unknown" });
    expect(w.twins.reports.map(({ twin: name }) => name)).not.toContain("factory/bad");
    expect(w.network.openConnections).toBe(1);
    expect(
      w.twins.conditions.filter(({ twin: name, status }) => name === "factory/good" && status === "False"),
    ).toEqual([]);
  });

  it("is tried again after 1 s, doubling up to 5 minutes", async () => {
    const w = await world();
    await w.installHostile("loop-in-start");
    w.twins.put(twin("bad", "loop-in-start"));
    const delays = () => w.log.flatMap(({ fields }) => fields["retryAfterMs"] ?? []);
    for (let fault = 1; fault <= 11; fault++) {
      await vi.waitFor(() => expect(delays()).toHaveLength(fault));
      await w.clock.advance(Number(delays().at(-1)) - 1);
      expect(delays()).toHaveLength(fault);
      await w.clock.advance(1);
    }
    const seconds = delays().map((ms) => Number(ms) / 1000);
    expect(seconds.slice(0, 11)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  });

  it.each([
    ["effect-flood", "MapperFlooded"],
    ["failure", "MapperFailed"],
    ["trap", "MapperTrapped"],
    ["growth", "MapperTrapped"],
  ])("%s gets the condition %s", async (name, reason) => {
    const w = await world();
    // None of them sets a timer: what they do in on_timer, they shall do at once.
    const { wasm, manifest } = hostile(name, { onTimerAsStart: true });
    await w.install(manifest, wasm);
    w.twins.put(twin("bad", name));
    expect((await w.condition("factory/bad", "MapperReady", reason))?.message).toContain(`mapper ${name} `);
  });

  it.each(["wrong-abi", "import-wasi", "import-unlisted", "missing-export", "half-state"])(
    "%s is refused",
    async (name) => {
      const w = await world();
      await w.installHostile(name);
      w.twins.put(twin("bad", name));
      expect((await w.condition("factory/bad", "MapperReady", "MapperRefused"))?.message).toContain(name);
    },
  );

  it("is stopped when it reports a property that does not exist", async () => {
    const w = await world();
    await w.installHostile("bad-property");
    w.twins.put(twin("bad", "bad-property"));
    await w.condition("factory/bad", "MapperReady", "Running");
    await w.clock.advance(10);
    expect((await w.condition("factory/bad", "MapperReady", "MapperTrapped"))?.message).toContain("property 99");
  });

  it("that reports bytes which are no value has trouble with that property", async () => {
    const w = await world();
    await w.installHostile("bad-value");
    w.twins.put(twin("bad", "bad-value"));
    expect((await w.condition("factory/bad", "MapperReady", "PropertiesFailing"))?.message).toMatch(/^count: /);
    expect(w.twins.reports).toEqual([]);
  });
});

describe("grants", () => {
  it("are the one address of the device; another is refused and named", async () => {
    const w = await world();
    await w.installHostile("open-elsewhere");
    w.twins.put(twin("bad", "open-elsewhere"));
    const condition = await w.condition("factory/bad", "MapperReady", "NotGranted");
    expect(condition?.message).toContain("tcp://169.254.1.1:443");
    expect(w.network.dialled).toEqual([]);
  });

  it("without connection.tcp are none", async () => {
    const w = await world();
    await w.installHostile("open-many");
    w.twins.put(twin("bad", "open-many", { serial: { path: "/dev/ttyS0" } }));
    await w.condition("factory/bad", "MapperReady", "NotGranted");
    expect(w.network.dialled).toEqual([]);
  });

  it("allow eight streams at once", async () => {
    const w = await world();
    await w.installHostile("open-many");
    w.twins.put(twin("bad", "open-many"));
    await vi.waitFor(() => expect(w.network.dialled).toHaveLength(8));
    await w.clock.advance(100);
    expect(w.network.dialled).toHaveLength(8);
  });

  it.each([
    ["port 0", { tcp: { host: "127.0.0.1", port: 0 } }],
    ["a port that is no number", { tcp: { host: "127.0.0.1", port: "502" as unknown as number } }],
    ["a host with a slash", { tcp: { host: "a/b", port: 502 } }],
  ])("that make no sense are named: %s", async (_, connection) => {
    const w = await world();
    await w.installHostile("harmless");
    w.twins.put(twin("bad", "harmless", connection));
    expect((await w.condition("factory/bad", "MapperReady", "BadDefinition"))?.message).toMatch(/^connection\.tcp\./);
  });
});

describe("floods", () => {
  it("of timers are paced", async () => {
    const w = await world({ callsPerSecond: 50 });
    await w.installHostile("timer-flood");
    w.twins.put(twin("bad", "timer-flood"));
    await w.condition("factory/bad", "MapperReady", "Running");
    const calls = async () => Number((await status(w)).devices[0]?.["calls"]);
    const before = await calls();
    await w.clock.advance(4000);
    expect((await calls()) - before).toBeGreaterThan(150);
    expect((await calls()) - before).toBeLessThanOrEqual(220);
  });

  it("of log lines are thinned out, and counted", async () => {
    const w = await world({ logLinesPerSecond: 10 });
    await w.installHostile("log-flood");
    w.twins.put(twin("bad", "log-flood"));
    await w.condition("factory/bad", "MapperReady", "Running");
    await w.clock.advance(3000);
    const lines = w.log.filter(({ message }) => message === "noise");
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.length).toBeLessThanOrEqual(45);
    expect(Number(lines.at(-1)?.fields["dropped"])).toBeGreaterThan(50);
  });

  it("from a device close the stream", async () => {
    const w = await world({ callsPerSecond: 10, queuedBytes: 20_000 });
    await w.installEcho();
    w.network.serve(meterAddress.host, meterAddress.port, (peer) => {
      for (let i = 0; i < 40; i++) peer.send(new Uint8Array(1000));
    });
    w.twins.put(twin("loud", "echo"));
    await vi.waitFor(() => expect(w.network.dialled).toHaveLength(1));
    await w.clock.advance(10_000);
    const condition = await w.condition("factory/loud", "Connected", "ConnectionClosed");
    expect(condition?.message).toBe("the device sends faster than its mapper may read");
    expect(w.network.openConnections).toBe(0);
  });
});

describe("the folder of mappers", () => {
  it("without the mapper: MapperUnknown, until it is there", async () => {
    const w = await world();
    w.twins.put(twin("early", "harmless"));
    expect((await w.condition("factory/early", "MapperReady", "MapperUnknown"))?.message).toContain('"harmless"');
    await w.installHostile("harmless");
    await w.clock.advance(1000);
    await w.condition("factory/early", "MapperReady", "Running");
  });

  it.each(["../harmless", "/etc", "a/b", ".", "", "Harmless", "x".repeat(200)])("is never left: %j", async (name) => {
    const w = await world();
    await w.installHostile("harmless");
    w.twins.put(twin("bad", name));
    await w.condition("factory/bad", "MapperReady", "MapperUnknown");
  });

  it("with a damaged mapper: MapperRefused; repaired, it is loaded again", async () => {
    const w = await world();
    await w.installHostile("harmless");
    await writeFile(join(w.directory, "harmless/mapper.json"), "{");
    w.twins.put(twin("bad", "harmless"));
    await w.condition("factory/bad", "MapperReady", "MapperRefused");
    await w.installHostile("harmless");
    await w.clock.advance(1000);
    await w.condition("factory/bad", "MapperReady", "Running");
  });
});

async function status(w: World) {
  const section = w.node.contributions(statusSectionPoint).find(({ value }) => value.name === "mappers");
  const report = await section?.value.collect();
  return report?.data as { devices: Record<string, unknown>[] };
}
