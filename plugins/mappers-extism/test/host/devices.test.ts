import { statusSectionPoint } from "@skerry/contracts";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { echoGuest } from "../built-guest.ts";
import { meterAddress, twin, world } from "./world.ts";

beforeAll(echoGuest, 120_000);

interface Peer {
  send(bytes: Uint8Array): void;
  drop(): void;
  onData(handler: (bytes: Uint8Array) => void): void;
}

/** A node with one device `factory/meter` on the echo mapper, and the far ends of its connections. */
async function echoWorld() {
  const w = await world();
  await w.installEcho();
  const peers: Peer[] = [];
  w.network.serve(meterAddress.host, meterAddress.port, (peer) => peers.push(peer));
  w.twins.put(twin("meter", "echo"));
  await w.condition("factory/meter", "Connected", "Connected");
  return { ...w, peers };
}

describe("a device with a mapper", () => {
  it("starts, connects to what it grants, and reports", async () => {
    const w = await echoWorld();
    expect(w.network.dialled).toEqual(["127.0.0.1:5020"]);
    expect(w.log).toContainEqual(
      expect.objectContaining({
        message: "für factory/meter, unit ",
        fields: expect.objectContaining({ mapper: "echo" }),
      }),
    );
    const echoed: number[] = [];
    w.peers[0]?.onData((bytes) => echoed.push(...bytes));
    w.peers[0]?.send(Uint8Array.of(1, 2, 3));
    await vi.waitFor(() => expect(w.twins.reported("factory/meter", "count")).toBe(3));
    expect(w.twins.reports.at(-1)?.at).toBe(w.clock.now());
    expect(echoed).toEqual([1, 2, 3]);
  });

  it("shows trouble with a property until it is reported again", async () => {
    const w = await echoWorld();
    await w.condition("factory/meter", "MapperReady", "Running");
    await w.clock.advance(250);
    const condition = await w.condition("factory/meter", "MapperReady", "PropertiesFailing");
    expect(condition).toMatchObject({ status: "False", message: "count: timer 7" });
    w.peers[0]?.send(Uint8Array.of(1));
    await w.condition("factory/meter", "MapperReady", "Running");
  });

  it("settles and rejects what is desired", async () => {
    const w = await echoWorld();
    const version = w.twins.desire("factory/meter", "note", "grün");
    await vi.waitFor(() => expect(w.twins.settles).toHaveLength(1));
    expect(w.twins.settles[0]).toMatchObject({ property: "note", version, outcome: { state: "applied" } });
    expect(w.twins.reported("factory/meter", "note")).toBe("grün");
    w.twins.desire("factory/meter", "note", 5);
    await vi.waitFor(() => expect(w.twins.settles).toHaveLength(2));
    expect(w.twins.settles[1]?.outcome).toEqual({ state: "rejected", reason: "expected a string, found 5" });
  });

  it("gets a new guest, with the old one's state, when its definition changes", async () => {
    const w = await echoWorld();
    w.peers[0]?.send(new Uint8Array(40));
    await vi.waitFor(() => expect(w.twins.reported("factory/meter", "count")).toBe(40));
    w.network.serve("127.0.0.1", 5021, (peer) => w.peers.push(peer));
    w.twins.put(twin("meter", "echo", { tcp: { host: "127.0.0.1", port: 5021 } }));
    await vi.waitFor(() => expect(w.peers).toHaveLength(2));
    expect(w.network.openConnections).toBe(1);
    w.peers[1]?.send(new Uint8Array(2));
    await vi.waitFor(() => expect(w.twins.reported("factory/meter", "count")).toBe(42));
  });

  it("gets what is desired again when its mapper is replaced before it settled", async () => {
    const w = await world();
    await w.installHostile("loop-in-start");
    await w.installEcho();
    w.network.serve(meterAddress.host, meterAddress.port, () => undefined);
    w.twins.put(twin("meter", "loop-in-start"));
    await w.condition("factory/meter", "MapperReady", "MapperOutOfFuel");
    const version = w.twins.desire("factory/meter", "note", "waits");
    w.twins.put(twin("meter", "echo"));
    await vi.waitFor(() => expect(w.twins.settles).toHaveLength(1));
    expect(w.twins.settles[0]).toMatchObject({ version, outcome: { state: "applied" } });
  });

  it("that changes many times in a row ends with one guest of the last definition", async () => {
    const w = await echoWorld();
    for (let port = 6000; port < 6010; port++) {
      w.twins.put(twin("meter", "echo", { tcp: { host: "127.0.0.1", port } }));
    }
    await vi.waitFor(() => expect(w.network.dialled.at(-1)).toBe("127.0.0.1:6009"));
    await w.clock.advance(1);
    expect(w.network.dialled).toEqual(["127.0.0.1:5020", "127.0.0.1:6009"]);
  });

  it("that is gone leaves nothing behind", async () => {
    const w = await echoWorld();
    w.twins.remove("factory/meter");
    await vi.waitFor(() => expect(w.network.openConnections).toBe(0));
    expect(w.clock.pending).toBe(0);
    w.twins.put(twin("meter", "echo"));
    await vi.waitFor(() => expect(w.peers).toHaveLength(2));
  });

  it("shows up in the node's status", async () => {
    const w = await echoWorld();
    await w.installHostile("loop-in-start");
    w.twins.put(twin("bad", "loop-in-start"));
    await w.condition("factory/bad", "MapperReady", "MapperOutOfFuel");
    const [section] = w.node.contributions(statusSectionPoint);
    const report = await section?.value.collect();
    expect(section?.value.name).toBe("mappers");
    expect(report?.lines).toEqual([
      "echo: 1 running",
      "loop-in-start: 1 quarantined",
      expect.stringMatching(/^factory\/bad is quarantined: SKERRY_RUNNER_OUT_OF_FUEL: /),
    ]);
    expect(report?.data).toMatchObject({
      directory: w.directory,
      devices: [
        { device: "factory/meter", mapper: "echo", state: "running", faults: 0 },
        { device: "factory/bad", mapper: "loop-in-start", state: "quarantined", faults: 1 },
      ],
    });
  });
});

it("a failure of the node while it serves a guest ends that guest's run, and no more", async () => {
  const w = await echoWorld();
  vi.spyOn(w.clock, "now").mockImplementationOnce(() => {
    throw new TypeError("the clock is broken");
  });
  w.peers[0]?.send(Uint8Array.of(1));
  const condition = await w.condition("factory/meter", "MapperReady", "HostFailed");
  expect(condition?.message).toContain("the clock is broken");
  await w.clock.advance(1000);
  await w.condition("factory/meter", "MapperReady", "Running");
});

it("a hundred devices share one compiled mapper", async () => {
  const w = await world();
  await w.installEcho();
  let open = 0;
  w.network.serve(meterAddress.host, meterAddress.port, () => open++);
  for (let i = 0; i < 100; i++) w.twins.put(twin(`meter-${i}`, "echo"));
  await vi.waitFor(() => expect(open).toBe(100));
});
