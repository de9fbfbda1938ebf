import { Transport } from "@skerry/contracts";
import { definePlugin, inject, type Plugin } from "@skerry/plugin";
import { startTestNode } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { LoopbackHub, plugin, transportLoopbackOn } from "../src/index.ts";

/** Hands the transport of a node to the test. */
function transportOf(take: (transport: Transport) => void): Plugin {
  class Probe {
    constructor(@inject(Transport) transport: Transport) {
      take(transport);
    }
  }
  return definePlugin(
    { id: "probe", summary: "Probe.", sdk: "^0.1.0", requires: [Transport.id] } as Plugin["manifest"],
    (scope) => scope.run(Probe),
  );
}

async function startNode(transport: Plugin, settings: object) {
  let found: Transport | undefined;
  const node = await startTestNode({
    plugins: [
      { plugin: transport, settings },
      transportOf((given) => {
        found = given;
      }),
    ],
  });
  if (found === undefined) throw new Error("the probe was not constructed");
  return { transport: found, [Symbol.asyncDispose]: () => node.stop() };
}

describe("transport-loopback", () => {
  it.each([
    ["a named hub", plugin],
    ["a hub of the test", transportLoopbackOn(new LoopbackHub())],
  ])("connects two nodes over %s", async (name, transport) => {
    await using cloud = await startNode(transport, { hub: name, identity: "skerry-cloud" });
    await using edge = await startNode(transport, { hub: name, identity: "system:node:edge-1" });
    const peers: string[] = [];
    await cloud.transport.listen(({ peer }) => peers.push(peer.identity));
    const connection = await edge.transport.connect(new AbortController().signal);
    expect([peers, connection.peer.identity]).toEqual([["system:node:edge-1"], "skerry-cloud"]);
    connection.destroy();
  });
});
