import {
  type ReplicaInterest,
  replicaInterestPoint,
  type UplinkReceiver,
  uplinkReceiverPoint,
} from "@skerry/contracts";
import { definePlugin, type ExtensionPoint, type Implementation, type Plugin, SkerryError } from "@skerry/plugin";
import { describe, expect, it } from "vitest";
import { configMap, configMaps, LinkWorld } from "./link-world.ts";

function contributing<T>(id: string, point: ExtensionPoint<T>, implementation: Implementation<T>): Plugin {
  const manifest = { id, summary: "of a test", sdk: "^0.1.0", contributes: [point.id] };
  return definePlugin(manifest, (scope) => scope.contribute(point, implementation));
}

class StuckReceiver implements UplinkReceiver {
  readonly type = "stuck";
  async receive(): Promise<void> {
    const definition = { family: "unavailable", message: "away", advice: "Wait." } as const;
    throw new SkerryError("SKERRY_TEST_AWAY", definition, {});
  }
}

describe("what plugins contribute to the link", () => {
  it("a type whose receiver is stuck leaves the others their way", async () => {
    const world = new LinkWorld();
    const { kernel: cloud } = await world.cloud(contributing("stuck", uplinkReceiverPoint, StuckReceiver));
    const edge = await world.edge("edge-1");
    for (let index = 0; index < 500; index += 1) void edge.uplink.put({ type: "stuck", name: `s${index}` }, index);
    await world.clock.advance(1_000);
    void edge.uplink.put({ type: "twin", name: "free" }, 1);
    await world.clock.advance(1);
    expect(world.received.map(({ name }) => name)).toEqual(["free"]);
    expect(edge.uplink.pending()).toBe(500);
    await edge.kernel.stop();
    await cloud.stop();
  });

  it("an object that its interest stumbles over harms no other", async () => {
    const world = new LinkWorld();
    world.api.seed(configMap("unroutable", "edge-1"), configMaps);
    world.api.seed(configMap("z", "edge-1"), configMaps);
    const { kernel: cloud } = await world.cloud();
    const edge = await world.edge("edge-1");
    expect([edge.names(), edge.link.current().state]).toEqual([["z"], "online"]);
    await edge.kernel.stop();
    await cloud.stop();
  });

  it("two receivers of one type are refused, with both names", async () => {
    class Second implements UplinkReceiver {
      readonly type = "twin";
      async receive(): Promise<void> {}
    }
    const booting = new LinkWorld().cloud(contributing("second", uplinkReceiverPoint, Second));
    await expect(booting).rejects.toThrow(/(test-interest and second|second and test-interest) both receive/);
  });

  it("two interests in one kind are refused, with both names", async () => {
    class Second implements ReplicaInterest {
      readonly resources = [configMaps];
      route() {
        return { nodes: [], references: [] };
      }
    }
    const booting = new LinkWorld().cloud(contributing("second", replicaInterestPoint, Second));
    await expect(booting).rejects.toThrow(/(test-interest and second|second and test-interest) both say .* ConfigMap/);
  });

  it("two edges under one name do not replace each other for ever at full speed", async () => {
    const world = new LinkWorld();
    const { kernel: cloud, sessions } = await world.cloud();
    let replaced = 0;
    using _ = sessions.watch(() => {
      replaced += 1;
    });
    const edges = [await world.edge("edge-1"), await world.edge("edge-1")];
    await world.clock.advance(120_000);
    expect(replaced).toBeGreaterThan(2);
    expect(replaced).toBeLessThan(80);
    for (const { kernel } of edges) await kernel.stop();
    await cloud.stop();
  });
});
