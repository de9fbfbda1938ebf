import {
  type Connection,
  type ConnectionReceiver,
  type Listener,
  maximumFrameBytes,
  type Transport,
} from "@skerry/contracts";
import { afterEach, describe, expect, it, vi } from "vitest";

export interface TransportUnderTest {
  /** Listens, where no other test does. */
  readonly cloud: Transport;
  /** Dials the cloud, which listens at this address. */
  edge(address: string): Transport;
  /** Another that would listen at this address. */
  rival(address: string): Transport;
  close?(): Promise<void>;
}

export interface TransportContractOptions {
  readonly name: string;
  open(): Promise<TransportUnderTest>;
  /** What each end is to be told about the other. */
  readonly identities: { readonly cloud: string; readonly edge: string };
}

/** Keeps what one end of a connection hears. */
class Ear implements ConnectionReceiver {
  readonly frames: Uint8Array[] = [];
  readonly closes: { readonly code: number; readonly reason: string }[] = [];

  frame(bytes: Uint8Array): void {
    // Copied: a receiver that keeps frames must not be surprised by a transport that reuses buffers.
    this.frames.push(Uint8Array.from(bytes));
  }

  closed(code: number, reason: string): void {
    this.closes.push({ code, reason });
  }
}

const never = new AbortController().signal;

/** What every transport must do. */
export function transportContract({ name, open, identities }: TransportContractOptions): void {
  describe(`${name} as a transport`, () => {
    const opened: TransportUnderTest[] = [];
    const listeners: Listener[] = [];

    afterEach(async () => {
      for (const listener of listeners.splice(0)) await listener.close();
      for (const { close } of opened.splice(0)) await close?.();
    });

    async function listening(accept: (connection: Connection) => void) {
      const transports = await open();
      opened.push(transports);
      const listener = await transports.cloud.listen(accept);
      listeners.push(listener);
      return { ...transports, listener, edge: transports.edge(listener.address), transports };
    }

    /** An edge's and a cloud's end of one connection. */
    async function connected() {
      const accepted: Connection[] = [];
      const { listener, edge: transport } = await listening((connection) => accepted.push(connection));
      const edge = await transport.connect(never);
      const cloud = await vi.waitFor(() => {
        const [connection] = accepted;
        if (!connection) throw new Error("not accepted yet");
        return connection;
      });
      return { edge, cloud, listener };
    }

    function hear(connection: Connection): Ear {
      const ear = new Ear();
      connection.receive(ear);
      return ear;
    }

    it("names the peers as their certificates do", async () => {
      const { edge, cloud } = await connected();
      expect([edge.peer.identity, cloud.peer.identity]).toEqual([identities.cloud, identities.edge]);
      expect(edge.peer.address).not.toBe("");
      expect(cloud.peer.address).not.toBe("");
    });

    it("carries frames both ways, whole and in order", async () => {
      const { edge, cloud } = await connected();
      const [atEdge, atCloud] = [hear(edge), hear(cloud)];
      const sizes = [0, 1, 125, 126, 65_535, 65_536, 3];
      const frames = sizes.map((size, index) => new Uint8Array(size).fill(index + 1));
      for (const frame of frames) {
        edge.send(frame);
        cloud.send(frame);
      }
      await vi.waitFor(() => expect([atEdge.frames.length, atCloud.frames.length]).toEqual([7, 7]));
      // Not toEqual on the arrays of bytes: it takes seconds on large ones.
      for (const { frames: got } of [atEdge, atCloud]) {
        expect(got.map((frame, index) => Buffer.compare(frame, frames[index] ?? Buffer.of(0xff)))).toEqual(
          sizes.map(() => 0),
        );
      }
    });

    it("keeps the order of many frames", async () => {
      const { edge, cloud } = await connected();
      const { frames } = hear(cloud);
      for (let index = 0; index < 2_000; index += 1) edge.send(Buffer.from(String(index)));
      await vi.waitFor(() => expect(frames.length).toBe(2_000));
      expect(frames.every((frame, index) => Buffer.from(frame).toString() === String(index))).toBe(true);
    });

    it("keeps frames that came before anybody received, and delivers them first", async () => {
      const { edge, cloud } = await connected();
      const early = hear(edge);
      edge.send(Buffer.from("first"));
      edge.send(Buffer.from("second"));
      // The answer shows that what was sent before it has arrived as well, in this direction or the other.
      cloud.send(Buffer.from("answer"));
      await vi.waitFor(() => expect(early.frames.length).toBe(1));
      await new Promise((resolve) => setImmediate(resolve));
      const late = hear(cloud);
      edge.send(Buffer.from("third"));
      await vi.waitFor(() =>
        expect(late.frames.map((frame) => Buffer.from(frame).toString())).toEqual(["first", "second", "third"]),
      );
    });

    it("delivers a close that came before anybody received, after the frames", async () => {
      const { edge, cloud } = await connected();
      edge.send(Buffer.from("last words"));
      edge.close(4000, "done");
      const atEdge = hear(edge);
      await vi.waitFor(() => expect(atEdge.closes.length).toBe(1));
      const atCloud = hear(cloud);
      await vi.waitFor(() => expect(atCloud.closes).toEqual([{ code: 4000, reason: "done" }]));
      expect(atCloud.frames.length).toBe(1);
    });

    it("accepts a frame of the largest size", async () => {
      const { edge, cloud } = await connected();
      const { frames } = hear(cloud);
      edge.send(new Uint8Array(maximumFrameBytes));
      await vi.waitFor(() => expect(frames.map(({ length }) => length)).toEqual([maximumFrameBytes]), 10_000);
    });

    it("closes with 1009 at the receiver of a larger frame, which it does not get", async () => {
      const { edge, cloud } = await connected();
      const [atEdge, atCloud] = [hear(edge), hear(cloud)];
      edge.send(new Uint8Array(maximumFrameBytes + 1));
      await vi.waitFor(() => expect(atCloud.closes.map(({ code }) => code)).toEqual([1009]));
      await vi.waitFor(() => expect(atEdge.closes.length).toBe(1));
      expect(atCloud.frames).toEqual([]);
    });

    it("closes after what was sent, with the code and reason at both ends, once", async () => {
      const { edge, cloud } = await connected();
      const [atEdge, atCloud] = [hear(edge), hear(cloud)];
      cloud.send(Buffer.from("before"));
      cloud.close(4009, "replaced by a newer session");
      cloud.close(4000, "again");
      cloud.send(Buffer.from("after"));
      const closes = [{ code: 4009, reason: "replaced by a newer session" }];
      await vi.waitFor(() => expect([atEdge.closes, atCloud.closes]).toEqual([closes, closes]));
      expect(atEdge.frames.map((frame) => Buffer.from(frame).toString())).toEqual(["before"]);
    });

    it("shortens a reason that is too long to carry", async () => {
      const { edge, cloud } = await connected();
      const [atEdge, atCloud] = [hear(edge), hear(cloud)];
      edge.close(4000, "ü".repeat(500));
      await vi.waitFor(() => expect([atEdge.closes[0]?.code, atCloud.closes[0]?.code]).toEqual([4000, 4000]));
      expect(atCloud.closes[0]?.reason).toMatch(/^ü+$/);
    });

    it("takes a connection that is destroyed as lost, 1006, at both ends", async () => {
      const { edge, cloud } = await connected();
      const [atEdge, atCloud] = [hear(edge), hear(cloud)];
      edge.destroy();
      edge.destroy();
      await vi.waitFor(() =>
        expect([atEdge, atCloud].map(({ closes }) => closes.map(({ code }) => code))).toEqual([[1006], [1006]]),
      );
      edge.send(Buffer.from("into the void"));
      edge.close(4000, "too late");
      cloud.close(4000, "too late");
      await new Promise((resolve) => setImmediate(resolve));
      expect([atEdge.closes.length, atCloud.closes.length, atCloud.frames.length]).toEqual([1, 1, 0]);
    });

    it("drops a connection that is destroyed while it closes", async () => {
      const { edge, cloud } = await connected();
      const [atEdge, atCloud] = [hear(edge), hear(cloud)];
      edge.close(4000, "done");
      edge.destroy();
      await vi.waitFor(() => expect([atEdge.closes.length, atCloud.closes.length]).toEqual([1, 1]));
    });

    it("closes what it accepted with 1001 when the listener closes, and accepts nothing more", async () => {
      const { edge, listener, transports } = await (async () => {
        const accepted: Connection[] = [];
        const all = await listening((connection) => accepted.push(connection));
        return { ...all, edge: await all.edge.connect(never) };
      })();
      const { closes } = hear(edge);
      await listener.close();
      await vi.waitFor(() => expect(closes.map(({ code }) => code)).toEqual([1001]));
      const again = transports.edge(listener.address).connect(never);
      await expect(again).rejects.toMatchObject({ code: "SKERRY_TRANSPORT_UNREACHABLE", family: "unavailable" });
      await listener.close();
    });

    it("refuses an address that is in use, and takes it once it is free", async () => {
      const { listener, rival } = await listening(() => undefined);
      const other = rival(listener.address);
      const refused = { code: "SKERRY_TRANSPORT_ADDRESS_IN_USE", family: "settings" };
      await expect(other.listen(() => undefined)).rejects.toMatchObject(refused);
      await listener.close();
      const second = await other.listen(() => undefined);
      expect(second.address).toBe(listener.address);
      await second.close();
    });

    it("is unreachable where nobody listens", async () => {
      const { listener, edge } = await listening(() => undefined);
      await listener.close();
      await expect(edge.connect(never)).rejects.toMatchObject({ code: "SKERRY_TRANSPORT_UNREACHABLE" });
    });

    it("gives up with the abort reason", async () => {
      const { edge } = await listening(() => undefined);
      await expect(edge.connect(AbortSignal.abort(new Error("stop")))).rejects.toThrow("stop");
      const abort = new AbortController();
      const connecting = edge.connect(abort.signal);
      abort.abort(new Error("stop now"));
      await expect(Promise.race([connecting.then(() => "connected"), connecting])).rejects.toThrow("stop now");
    });

    it("accepts several connections side by side", async () => {
      const ears: Ear[] = [];
      const { edge } = await listening((connection) => ears.push(hear(connection)));
      const connections = await Promise.all([1, 2, 3, 4].map(() => edge.connect(never)));
      for (const [index, connection] of connections.entries()) connection.send(new Uint8Array(index + 1));
      const sizes = () => ears.flatMap(({ frames }) => frames.map(({ length }) => length)).sort();
      await vi.waitFor(() => expect(sizes()).toEqual([1, 2, 3, 4]));
      connections[0]?.destroy();
      await vi.waitFor(() => expect(ears.filter(({ closes }) => closes.length > 0).length).toBe(1));
    });
  });
}
