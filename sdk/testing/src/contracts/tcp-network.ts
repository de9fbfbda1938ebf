import { maximumQueuedBytes, type TcpAddress, type TcpNetwork, type TcpStream } from "@skerry/contracts";
import { describe, expect, it, vi } from "vitest";

/** The far end of a connection, as a test's server sees it. */
export interface TcpPeer {
  send(bytes: Uint8Array): void;
  /** Closes in order. */
  close(): void;
  /** Breaks the connection. */
  drop(): void;
  /** Takes nothing more from the wire. */
  stopReading(): void;
  onData(handler: (bytes: Uint8Array) => void): void;
  onClosed(handler: () => void): void;
}

export interface TcpNetworkUnderTest {
  readonly network: TcpNetwork;
  /** Starts a server; it ends with the test. */
  listen(accept: (peer: TcpPeer) => void): Promise<TcpAddress>;
  /** An address where nobody listens. */
  refusing(): Promise<TcpAddress>;
}

export interface TcpNetworkContractOptions {
  readonly name: string;
  readonly open: () => Promise<TcpNetworkUnderTest>;
}

interface Recording {
  readonly stream: TcpStream;
  /** `opened`, `data` (one for all bytes in a row), `closed`, `closed: reason`. */
  readonly events: string[];
  readonly received: number[];
}

function connectAndRecord(network: TcpNetwork, address: TcpAddress): Recording {
  const events: string[] = [];
  const received: number[] = [];
  const stream = network.connect(address, {
    opened: () => events.push("opened"),
    data: (bytes) => {
      for (const byte of bytes) received.push(byte);
      if (events.at(-1) !== "data") events.push("data");
    },
    closed: (reason) => events.push(reason === undefined ? "closed" : `closed: ${reason}`),
  });
  expect(events).toEqual([]);
  return { stream, events, received };
}

const until = (recording: Recording, ...events: unknown[]): Promise<void> =>
  vi.waitFor(() => expect(recording.events).toEqual(events));

/** Events that should not come have had every chance to. */
const rest = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** What every implementation of `TcpNetwork` promises. */
export function tcpNetworkContract({ name, open }: TcpNetworkContractOptions): void {
  describe(`TCP network contract: ${name}`, () => {
    it("opens later than the call, and carries bytes both ways", async () => {
      const { network, listen } = await open();
      const address = await listen((peer) => peer.onData((bytes) => peer.send(bytes.map((byte) => byte + 1))));
      const recording = connectAndRecord(network, address);
      await until(recording, "opened");
      recording.stream.write(Uint8Array.of(1, 2, 254));
      await vi.waitFor(() => expect(recording.received).toEqual([2, 3, 255]));
      expect(recording.events).toEqual(["opened", "data"]);
      recording.stream.close();
      await until(recording, "opened", "data", "closed");
    });

    it("keeps what is written before it opened, in order, and copies it", async () => {
      const { network, listen } = await open();
      const arrived: number[] = [];
      const recording = connectAndRecord(
        network,
        await listen((peer) => peer.onData((bytes) => arrived.push(...bytes))),
      );
      const bytes = Uint8Array.of(1, 2);
      recording.stream.write(bytes);
      bytes.fill(9);
      recording.stream.write(Uint8Array.of(3));
      await vi.waitFor(() => expect(arrived).toEqual([1, 2, 3]));
      recording.stream.close();
      await until(recording, "opened", "closed");
    });

    it("says in words when nobody listens", async () => {
      const { network, refusing } = await open();
      const address = await refusing();
      const recording = connectAndRecord(network, address);
      recording.stream.write(Uint8Array.of(1));
      await until(recording, expect.stringContaining(`closed: connection refused by ${address.host}:${address.port}`));
      recording.stream.write(Uint8Array.of(1));
      recording.stream.close();
      await rest();
      expect(recording.events.length).toBe(1);
    });

    it.each([
      ["", 502],
      ["127.0.0.1", 0],
      ["127.0.0.1", 65_536],
      ["127.0.0.1", 1.5],
      ["127.0.0.1", Number.NaN],
    ])("closes for the impossible address %j port %j", async (host, port) => {
      const { network } = await open();
      const recording = connectAndRecord(network, { host, port });
      recording.stream.write(Uint8Array.of(1));
      await until(recording, expect.stringMatching(/^closed: .*(host|port)/));
    });

    it("delivers everything before it reports that the peer closed in order", async () => {
      const { network, listen } = await open();
      const all = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251);
      const address = await listen((peer) => {
        for (let index = 0; index < all.length; index += 10_000) peer.send(all.subarray(index, index + 10_000));
        peer.close();
      });
      const recording = connectAndRecord(network, address);
      await until(recording, "opened", "data", "closed");
      expect(Buffer.from(recording.received).equals(Buffer.from(all))).toBe(true);
      recording.stream.write(Uint8Array.of(1));
      recording.stream.close();
      await rest();
      expect(recording.events).toEqual(["opened", "data", "closed"]);
    });

    it("names the peer when it breaks the connection", async () => {
      const { network, listen } = await open();
      const address = await listen((peer) => peer.onData(() => peer.drop()));
      const recording = connectAndRecord(network, address);
      recording.stream.write(Uint8Array.of(1));
      const reset = `closed: connection reset by ${address.host}:${address.port}`;
      await until(recording, "opened", expect.stringContaining(reset));
    });

    it("lets written bytes leave when it is closed, and reports once, without data after", async () => {
      const { network, listen } = await open();
      const arrived: number[] = [];
      let isPeerClosed = false;
      const address = await listen((peer) => {
        peer.onData((bytes) => {
          arrived.push(...bytes);
          peer.send(Uint8Array.of(7));
        });
        peer.onClosed(() => {
          isPeerClosed = true;
        });
      });
      const recording = connectAndRecord(network, address);
      await until(recording, "opened");
      recording.stream.write(Uint8Array.of(1, 2, 3));
      recording.stream.close();
      recording.stream.close();
      recording.stream.write(Uint8Array.of(4));
      expect(recording.events).toEqual(["opened"]);
      await until(recording, "opened", "closed");
      await vi.waitFor(() => expect([arrived, isPeerClosed]).toEqual([[1, 2, 3], true]));
      expect(recording.events).toEqual(["opened", "closed"]);
    });

    it("never opens when it is closed before", async () => {
      const { network, listen } = await open();
      const recording = connectAndRecord(network, await listen(() => undefined));
      recording.stream.close();
      await until(recording, "closed");
      await rest();
      expect(recording.events).toEqual(["closed"]);
    });

    it("may be closed inside its handlers", async () => {
      const { network, listen } = await open();
      const address = await listen((peer) => peer.send(Uint8Array.of(1)));
      const events: string[] = [];
      const stream = network.connect(address, {
        opened: () => {
          events.push("opened");
          stream.close();
        },
        data: () => events.push("data"),
        closed: () => {
          events.push("closed");
          stream.close();
          stream.write(Uint8Array.of(1));
        },
      });
      await vi.waitFor(() => expect(events).toEqual(["opened", "closed"]));
      await rest();
      expect(events).toEqual(["opened", "closed"]);
    });

    it("closes with a reason when too much waits for a peer that does not read", async () => {
      const { network, listen } = await open();
      const recording = connectAndRecord(network, await listen((peer) => peer.stopReading()));
      await until(recording, "opened");
      const chunk = new Uint8Array(maximumQueuedBytes / 4);
      // What the operating system takes in between does not count as waiting.
      for (let index = 0; index < 200 && recording.events.length === 1; index += 1) {
        for (let piece = 0; piece < 4; piece += 1) recording.stream.write(chunk);
        expect(recording.events.length).toBe(1);
        recording.stream.write(Uint8Array.of(1));
        await rest();
      }
      expect(recording.events).toEqual(["opened", expect.stringContaining(`more than ${maximumQueuedBytes}`)]);
    });

    it("keeps connections apart", async () => {
      const { network, listen } = await open();
      const address = await listen((peer) => peer.onData((bytes) => (bytes[0] === 3 ? peer.drop() : peer.send(bytes))));
      const recordings = [1, 2, 3, 4].map((byte) => {
        const recording = connectAndRecord(network, address);
        recording.stream.write(Uint8Array.of(byte));
        return recording;
      });
      await vi.waitFor(() => expect(recordings.map(({ events }) => events.length)).toEqual([2, 2, 2, 2]));
      expect(recordings.map(({ received }) => received)).toEqual([[1], [2], [], [4]]);
      for (const { stream } of recordings) stream.close();
      await vi.waitFor(() => expect(recordings.every(({ events }) => events.at(-1)?.startsWith("closed"))).toBe(true));
    });
  });
}
