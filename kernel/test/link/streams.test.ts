import { once } from "node:events";
import type { Duplex } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { JsonObject, StreamHandler } from "@skerry/contracts";
import { streamHandlerPoint } from "@skerry/contracts";
import { definePlugin, errorCode } from "@skerry/plugin";
import { MemoryDisk } from "@skerry/storage-memory";
import { describe, expect, it } from "vitest";
import { budgets, firstCredit } from "../../src/link/wire/budgets.ts";
import { LinkWorld } from "./link-world.ts";

type Handle = (stream: Duplex, parameters: JsonObject) => void;

function handling(id: string, kind: string, handle: Handle) {
  class Handler implements StreamHandler {
    readonly kind = kind;
    readonly handle = handle;
  }
  const manifest = { id, summary: "of a test", sdk: "^0.1.0", contributes: [streamHandlerPoint.id] };
  return definePlugin(manifest, (scope) => scope.contribute(streamHandlerPoint, Handler));
}

/** A cloud and a node that answers streams of the kind `test` with this. */
async function connected(handle: Handle) {
  const world = new LinkWorld();
  const cloud = await world.cloud();
  const edge = await world.edge("edge-1", new MemoryDisk(), undefined, handling("test-streams", "test", handle));
  return {
    world,
    edge,
    streams: cloud.streams,
    cloud: cloud.kernel,
    stop: async () => {
      await edge.kernel.stop();
      await cloud.kernel.stop();
    },
  };
}

/** The code of the error that ends a stream. */
async function failure(stream: Duplex): Promise<string | undefined> {
  const [error] = (await once(stream, "error")) as [unknown];
  return errorCode(error);
}

describe("streams to a node", () => {
  it("carry bytes both ways, and each end by itself", async () => {
    const got: JsonObject[] = [];
    const node = await connected((stream, parameters) => {
      got.push(parameters);
      stream.write("you said ");
      stream.pipe(stream);
    });
    const stream = node.streams.open("edge-1", "test", { pod: "hello" });
    stream.write("one ");
    stream.end("two");
    expect((await buffer(stream)).toString()).toBe("you said one two");
    expect(got).toEqual([{ pod: "hello" }]);
    await node.stop();
  });

  it("carry more than any buffer holds, whole and in order", async () => {
    const node = await connected((stream) => stream.pipe(stream));
    const sent = Buffer.alloc(5_000_000, "0123456789abcdefghijk");
    const stream = node.streams.open("edge-1", "test", {});
    stream.end(sent);
    const echoed = await buffer(stream);
    expect(echoed.equals(sent)).toBe(true);
    await node.stop();
  });

  it("hold the sender back while nobody reads, with bounded memory, and leave other streams alone", async () => {
    let idle: Duplex | undefined;
    const node = await connected((stream, { slow }) => {
      if (slow === true) idle = stream;
      else stream.pipe(stream);
    });
    const slow = node.streams.open("edge-1", "test", { slow: true });
    let written = 0;
    const chunk = Buffer.alloc(16_000);
    while (written < 10_000_000 && (slow.write(chunk) || slow.writableLength < 1_000_000)) written += chunk.length;
    const quick = node.streams.open("edge-1", "test", {});
    quick.end("quick");
    expect((await buffer(quick)).toString()).toBe("quick");
    expect(idle?.readableLength).toBeLessThanOrEqual(firstCredit.stream + 64 * 1024);
    slow.end();
    const all = await buffer(idle as Duplex);
    expect(all.length).toBeGreaterThanOrEqual(written);
    await node.stop();
  });

  it("end with the other side's reason when it destroys them", async () => {
    const node = await connected((stream) => stream.destroy(new Error("no such container")));
    const stream = node.streams.open("edge-1", "test", {});
    const [error] = (await once(stream, "error")) as [Error];
    expect(error.message).toContain("no such container");
    expect(errorCode(error)).toBe("SKERRY_LINK_STREAM_RESET");
    await node.stop();
  });

  it("end at the node when the cloud destroys them, and what was on its way harms nobody", async () => {
    const ended: (string | undefined)[] = [];
    const node = await connected((stream) => {
      stream.on("error", (error) => ended.push(errorCode(error)));
      const write = () => {
        while (!stream.destroyed && stream.write(Buffer.alloc(16_000)));
        stream.once("drain", write);
      };
      write();
    });
    const stream = node.streams.open("edge-1", "test", {});
    await once(stream, "data");
    stream.destroy();
    await node.world.clock.advance(10);
    expect(ended).toEqual(["SKERRY_LINK_STREAM_RESET"]);
    expect(node.edge.link.current().state).toBe("online");
    await node.stop();
  });

  it("are refused when nobody answers their kind, and when whoever does throws", async () => {
    const node = await connected(() => {
      throw new Error("made to fail");
    });
    expect(await failure(node.streams.open("edge-1", "other", {}))).toBe("SKERRY_LINK_STREAM_RESET");
    expect(await failure(node.streams.open("edge-1", "test", {}))).toBe("SKERRY_LINK_STREAM_RESET");
    await node.stop();
  });

  it("end with the session", async () => {
    const node = await connected((stream) => stream.resume());
    const stream = node.streams.open("edge-1", "test", {});
    const failed = failure(stream);
    await node.world.clock.advance(1);
    node.world.hub.cut();
    expect(await failed).toBe("SKERRY_LINK_SESSION_ENDED");
    await node.stop();
  });

  it("need a session, and are not without number", async () => {
    const node = await connected((stream) => stream.resume());
    const open = (name: string) => {
      try {
        return node.streams.open(name, "test", {});
      } catch (error) {
        return errorCode(error);
      }
    };
    expect(open("edge-2")).toBe("SKERRY_LINK_NODE_AWAY");
    for (let index = 0; index < budgets.streams; index += 1) expect(typeof open("edge-1")).toBe("object");
    expect(open("edge-1")).toBe("SKERRY_LINK_STREAMS_USED_UP");
    await node.stop();
  });

  it("have one plugin that answers each kind", async () => {
    const world = new LinkWorld();
    const two = [handling("one", "test", () => undefined), handling("two", "test", () => undefined)];
    await expect(world.edge("edge-1", new MemoryDisk(), undefined, ...two)).rejects.toMatchObject({
      message: expect.stringContaining('one and two both answer streams of the kind "test"'),
    });
  });
});
