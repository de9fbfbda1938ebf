import { type StreamHandler, streamHandlerPoint, type Transport } from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import { MemoryDisk } from "@skerry/storage-memory";
import { expect, it } from "vitest";
import { configMap, configMaps, LinkWorld } from "./link-world.ts";
import { NarrowTransport } from "./narrow-transport.ts";

const total = 100_000_000;
/** 100 Mbit/s, 5 ms away, with sockets that swallow as much as Linux lets them. */
const way = { bytesPerMs: 12_500, delayMs: 5, socketBytes: 4 * 1024 * 1024 };

class NarrowWorld extends LinkWorld {
  override transport(identity: string): Transport {
    return new NarrowTransport(super.transport(identity), this.clock, way);
  }
}

class Sink implements StreamHandler {
  readonly kind = "sink";
  static bytes = 0;
  handle(stream: Parameters<StreamHandler["handle"]>[0]): void {
    stream.on("data", (chunk: Buffer) => {
      Sink.bytes += chunk.length;
    });
  }
}

const manifest = { id: "test-sink", summary: "of a test", sdk: "^0.1.0", contributes: [streamHandlerPoint.id] };
const sink = definePlugin(manifest, (scope) => scope.contribute(streamHandlerPoint, Sink));

it("rule 4: while a stream of 100 MB moves, a small change arrives within 20 ms of what it takes on an idle link", async () => {
  const world = new NarrowWorld();
  const { kernel: cloud, streams } = await world.cloud();
  const edge = await world.edge("edge-1", new MemoryDisk(), undefined, sink);
  await world.clock.advance(100);
  expect(edge.link.current().state).toBe("online");

  let heard = 0;
  using _ = edge.replica.watch([{ group: "", kind: "ConfigMap" }], () => {
    heard = world.clock.monotonic();
  });
  let version = 0;
  const change = async (): Promise<number> => {
    const began = world.clock.monotonic();
    version += 1;
    world.api.seed(configMap("small", "edge-1", { version: String(version) }), configMaps);
    while (heard < began) await world.clock.advance(1);
    return heard - began;
  };
  const p95 = async (changes: number) => {
    const delays: number[] = [];
    for (let index = 0; index < changes; index += 1) {
      delays.push(await change());
      await world.clock.advance(7);
    }
    return delays.sort((a, b) => a - b)[Math.floor(changes * 0.95)] ?? 0;
  };

  const idle = await p95(20);
  const stream = streams.open("edge-1", "sink", {});
  const began = world.clock.monotonic();
  const chunk = Buffer.alloc(1_000_000, "a log line that goes on and on\n");
  let left = total / chunk.length;
  const write = () => {
    while (left > 0) {
      left -= 1;
      if (!stream.write(chunk)) return void stream.once("drain", write);
    }
    stream.end();
  };
  write();
  const busy = await p95(200);
  expect(Sink.bytes).toBeGreaterThan(0);
  expect(Sink.bytes).toBeLessThan(total);
  while (Sink.bytes < total) await world.clock.advance(5);
  const seconds = (world.clock.monotonic() - began) / 1000;

  expect(busy - idle).toBeLessThanOrEqual(20);
  // The stream has most of the width: it would take 8 s alone.
  expect(seconds).toBeLessThan(12);
  await edge.kernel.stop();
  await cloud.stop();
}, 60_000);
