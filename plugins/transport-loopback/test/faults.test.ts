import type { Connection } from "@skerry/contracts";
import { describe, expect, it, vi } from "vitest";
import { LoopbackHub, LoopbackTransport } from "../src/index.ts";

const never = new AbortController().signal;
const rest = () => new Promise((resolve) => setImmediate(resolve));

function record(connection: Connection): string[] {
  const events: string[] = [];
  connection.receive({
    frame: (bytes) => events.push(`frame ${bytes.join()}`),
    closed: (code, reason) => events.push(`closed ${code} ${reason}`.trim()),
  });
  return events;
}

async function connected() {
  const hub = new LoopbackHub();
  const accepted: Connection[] = [];
  const cloud = new LoopbackTransport(hub, "cloud", "cloud");
  const edge = new LoopbackTransport(hub, "system:node:edge-1", "cloud");
  await cloud.listen((connection) => accepted.push(connection));
  const client = await edge.connect(never);
  const [server] = accepted;
  if (server === undefined) throw new Error("not accepted");
  return { hub, cloud, edge, client, server, atClient: record(client), atServer: record(server) };
}

describe("loopback hub", () => {
  it("loses frames in a partition and drops what lost some when it heals", async () => {
    const { hub, client, atClient, atServer } = await connected();
    hub.partition();
    const taken = vi.fn();
    client.send(Uint8Array.of(1), taken);
    await rest();
    expect([atClient, atServer, taken.mock.calls.length]).toEqual([[], [], 1]);
    hub.heal();
    await rest();
    expect([atClient, atServer]).toEqual([["closed 1006"], ["closed 1006"]]);
    expect(hub.openEnds).toBe(0);
  });

  it("keeps a connection that lost nothing in a partition", async () => {
    const { hub, client, server, atClient, atServer } = await connected();
    hub.partition();
    await rest();
    hub.heal();
    client.send(Uint8Array.of(1));
    server.send(Uint8Array.of(2));
    await rest();
    expect([atClient, atServer]).toEqual([["frame 2"], ["frame 1"]]);
  });

  it.each(["close", "destroy"] as const)(
    "%s in a partition ends this side; the other learns when it heals",
    async (how) => {
      const { hub, client, atClient, atServer } = await connected();
      hub.partition();
      if (how === "close") client.close(1000, "bye");
      else client.destroy();
      await rest();
      expect([atClient, atServer, hub.openEnds]).toEqual([["closed 1006"], [], 1]);
      hub.heal();
      await rest();
      expect([atClient, atServer, hub.openEnds]).toEqual([["closed 1006"], ["closed 1006"], 0]);
    },
  );

  it("lets connects hang in a partition until it heals or they are aborted", async () => {
    const { hub, edge } = await connected();
    hub.partition();
    const abort = new AbortController();
    const outcomes: unknown[] = [];
    const aborted = edge.connect(abort.signal).catch((error) => outcomes.push(error));
    const healed = edge.connect(never).catch((error) => outcomes.push(error.code));
    await rest();
    expect(outcomes).toEqual([]);
    abort.abort("enough");
    await aborted;
    hub.heal();
    await healed;
    expect(outcomes).toEqual(["enough", "SKERRY_TRANSPORT_UNREACHABLE"]);
    (await edge.connect(never)).destroy();
  });

  it("cuts every connection at both ends", async () => {
    const { hub, client, atClient, atServer } = await connected();
    client.send(Uint8Array.of(1));
    hub.cut();
    await rest();
    expect([atClient, atServer, hub.openEnds]).toEqual([["closed 1006"], ["closed 1006"], 0]);
  });

  it("refuses connections while told to", async () => {
    const { hub, edge } = await connected();
    hub.refuse = true;
    await expect(edge.connect(never)).rejects.toMatchObject({ code: "SKERRY_TRANSPORT_REFUSED" });
    hub.refuse = false;
    (await edge.connect(never)).destroy();
  });

  it("takes one receiver for each connection", async () => {
    const { client } = await connected();
    expect(() => record(client)).toThrow(expect.objectContaining({ code: "SKERRY_TRANSPORT_RECEIVER_SET" }));
  });

  it("closes the listeners of a transport that stops", async () => {
    const { cloud, edge, atClient } = await connected();
    await cloud.stop();
    await rest();
    expect(atClient).toEqual(["closed 1001 the listener is closing"]);
    await expect(edge.connect(never)).rejects.toMatchObject({ code: "SKERRY_TRANSPORT_UNREACHABLE" });
  });
});
