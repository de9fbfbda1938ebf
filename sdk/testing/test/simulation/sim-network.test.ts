import { describe, expect, it } from "vitest";
import { SeededRandom, SimClock, SimNetwork, transportContract } from "../../src/index.ts";
import { letTimePass } from "./passing-time.ts";

const never = new AbortController().signal;

describe("a simulated network", () => {
  const clock = new SimClock();
  letTimePass(clock);

  transportContract({
    name: "simulation",
    identities: { cloud: "skerry-cloud", edge: "system:node:edge-1" },
    open: async () => {
      const network = new SimNetwork(clock, new SeededRandom(1));
      const cloud = () => network.host({ name: "cloud", identity: "skerry-cloud" });
      const edge = (address: string) =>
        network.host({ name: "edge-1", identity: "system:node:edge-1", dials: () => address });
      return { cloud: cloud(), edge, rival: cloud };
    },
  });
});

async function joined() {
  const clock = new SimClock();
  const network = new SimNetwork(clock, new SeededRandom(1));
  const heard = { edge: [] as string[], cloud: [] as string[] };
  const ear = (side: "edge" | "cloud") => ({
    frame: (bytes: Uint8Array) => void heard[side].push(Buffer.from(bytes).toString()),
    closed: (code: number) => void heard[side].push(`closed ${code}`),
  });
  const cloud = network.host({ name: "cloud", identity: "c" });
  await cloud.listen((connection) => connection.receive(ear("cloud")));
  const host = network.host({ name: "edge", identity: "e", dials: () => "cloud" });
  const connecting = host.connect(never);
  await clock.advance(10);
  const edge = await connecting;
  edge.receive(ear("edge"));
  return {
    clock,
    network,
    heard,
    cloud,
    host,
    edge,
    up: network.way("edge", "cloud"),
    down: network.way("cloud", "edge"),
  };
}

describe("a simulated network's faults", () => {
  it("hold up one way alone, and carry in order when it opens again", async () => {
    const { clock, heard, edge, up } = await joined();
    up.block();
    for (const text of ["a", "b", "c"]) edge.send(Buffer.from(text));
    await clock.advance(60_000);
    expect(heard.cloud).toEqual([]);
    up.open();
    await clock.advance(10);
    expect(heard.cloud).toEqual(["a", "b", "c"]);
  });

  it("lose what is on its way at a reset, told to both", async () => {
    const { clock, heard, network, edge } = await joined();
    edge.send(Buffer.from("a"));
    network.reset("cloud", "edge");
    await clock.advance(10);
    expect(heard).toEqual({ edge: ["closed 1006"], cloud: ["closed 1006"] });
    expect(network.openEnds).toBe(0);
  });

  it("leave the other end open when a machine dies silently, and reset it when only the process does", async () => {
    const silent = await joined();
    silent.host.kill(true);
    await silent.clock.advance(60_000);
    expect(silent.heard).toEqual({ edge: [], cloud: [] });
    const told = await joined();
    told.host.kill(false);
    await told.clock.advance(10);
    expect(told.heard).toEqual({ edge: [], cloud: ["closed 1006"] });
  });

  it("take their time on a narrow way, and make the sender wait", async () => {
    const { clock, heard, edge, up } = await joined();
    up.bytesPerMs = 100;
    up.socketBytes = 1_000;
    let taken = 0;
    for (let index = 0; index < 10; index += 1)
      edge.send(Buffer.alloc(1_000, "x"), () => {
        taken += 1;
      });
    await clock.advance(45);
    expect([heard.cloud.length, taken < 10]).toEqual([4, true]);
    await clock.advance(60);
    expect([heard.cloud.length, taken]).toEqual([10, 10]);
  });

  it("duplicate and reorder when told to", async () => {
    const { clock, heard, edge, up } = await joined();
    const texts = Array.from({ length: 50 }, (_, index) => String(index));
    up.mangling = { duplicate: 0.2, reorder: 0.2 };
    for (const text of texts) edge.send(Buffer.from(text));
    await clock.advance(100);
    expect(new Set(heard.cloud)).toEqual(new Set(texts));
    expect(heard.cloud.length).toBeGreaterThan(50);
    expect(heard.cloud.toSorted((a, b) => Number(a) - Number(b))).not.toEqual(heard.cloud);
  });
});
