import type { Connection } from "@skerry/contracts";
import { Transport } from "@skerry/contracts";
import { startTestNode } from "@skerry/testing";
import { describe, expect, it, vi } from "vitest";
import { LoopbackHub, plugin } from "../src/index.ts";

const never = new AbortController().signal;
const edge = { identity: "system:node:edge-1", address: "loopback:edge-1" };
const cloud = { identity: "skerry-cloud", address: "loopback:cloud" };

/** Both ends of a connection over a hub, and what each heard. */
async function connected(hub: LoopbackHub) {
  const ends: Connection[] = [];
  hub.listen(cloud, (connection) => ends.push(connection));
  ends.unshift(await hub.connect(edge, never));
  const [left, right] = ends as [Connection, Connection];
  const heard: string[] = [];
  for (const [name, end] of Object.entries({ left, right })) {
    end.receive({
      frame: (bytes) => heard.push(`${name} got ${bytes.length}`),
      closed: (code) => heard.push(`${name} closed ${code}`),
    });
  }
  return { left, right, heard };
}

describe("loopback hub", () => {
  it("counts what was not delivered as buffered while it is held, and loses nothing", async () => {
    const hub = new LoopbackHub();
    const { left, heard } = await connected(hub);
    const release = hub.hold();
    left.send(new Uint8Array(100));
    left.send(new Uint8Array(20));
    await Promise.resolve();
    expect([left.buffered, heard]).toEqual([120, []]);
    release();
    release();
    await vi.waitFor(() => expect(heard).toEqual(["right got 100", "right got 20"]));
    expect(left.buffered).toBe(0);
  });

  it("tells nobody of a close or a loss while it is held", async () => {
    const hub = new LoopbackHub();
    const { left, heard } = await connected(hub);
    const release = hub.hold();
    left.destroy();
    await Promise.resolve();
    expect(heard).toEqual(["left closed 1006"]);
    release();
    await vi.waitFor(() => expect(heard).toEqual(["left closed 1006", "right closed 1006"]));
  });

  it("lets nobody connect while it is held, and ends the attempt when aborted", async () => {
    const hub = new LoopbackHub();
    hub.listen(cloud, () => undefined);
    const release = hub.hold();
    const abort = new AbortController();
    const aborted = hub.connect(edge, abort.signal);
    const patient = hub.connect(edge, never);
    abort.abort(new Error("enough"));
    await expect(aborted).rejects.toThrow("enough");
    release();
    expect((await patient).peer).toEqual(cloud);
    expect(hub.dialled).toBe(2);
  });

  it("cuts every connection, with what was on its way", async () => {
    const hub = new LoopbackHub();
    const { left, heard } = await connected(hub);
    left.send(new Uint8Array(1));
    hub.cut();
    left.send(new Uint8Array(1));
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toEqual(["left closed 1006", "right closed 1006"]);
  });
});

describe("transport-loopback", () => {
  it("connects two nodes of one process whose settings name one hub", async () => {
    const settings = { hub: "two-nodes" };
    const start = (name: string) => startTestNode({ plugins: [{ plugin, settings }], node: { name } });
    await using first = await start("cloud");
    await using second = await start("edge-7");
    const accepted: Connection[] = [];
    await using _listener = disposable(await first.service(Transport).listen((end) => accepted.push(end)));
    const dialled = await second.service(Transport).connect(never);
    expect([dialled.peer.identity, accepted[0]?.peer.identity]).toEqual(["system:node:cloud", "system:node:edge-7"]);
  });
});

function disposable(listener: { close(): Promise<void> }): AsyncDisposable {
  return { [Symbol.asyncDispose]: () => listener.close() };
}
