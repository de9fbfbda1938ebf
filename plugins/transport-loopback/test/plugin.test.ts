import { type Connection, Transport } from "@skerry/contracts";
import { startTestNode } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { LoopbackHub, plugin, transportLoopbackOn } from "../src/index.ts";

describe("transport-loopback", () => {
  it.each([
    ["a named hub", plugin],
    ["a hub of the test", transportLoopbackOn(new LoopbackHub())],
  ])("connects two nodes over %s", async (hub, transport) => {
    const start = (identity: string) =>
      startTestNode({ plugins: [{ plugin: transport, settings: { hub, identity } }] });
    await using cloud = await start("skerry-cloud");
    await using edge = await start("system:node:edge-7");
    const accepted: Connection[] = [];
    await cloud.service(Transport).listen((connection) => accepted.push(connection));
    const dialled = await edge.service(Transport).connect(new AbortController().signal);
    expect([dialled.peer.identity, accepted[0]?.peer.identity]).toEqual(["skerry-cloud", "system:node:edge-7"]);
  });
});
