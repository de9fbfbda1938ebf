import { describe, expect, it } from "vitest";
import { tcpNetworkContract } from "../src/contracts/tcp-network.ts";
import { FakeClock } from "../src/fakes/clock.ts";
import { FakeTcpNetwork } from "../src/fakes/tcp-network.ts";

tcpNetworkContract({
  name: "FakeTcpNetwork",
  open: async () => {
    const network = new FakeTcpNetwork();
    let port = 1000;
    return {
      network,
      listen: async (accept) => {
        port += 1;
        network.serve("meter.example", port, accept);
        return { host: "meter.example", port };
      },
      refusing: async () => ({ host: "meter.example", port: 1 }),
    };
  },
});

const record = (network: FakeTcpNetwork, host = "meter", port = 502): string[] => {
  const events: string[] = [];
  network.connect(
    { host, port },
    {
      opened: () => events.push("opened"),
      data: (bytes) => events.push(`data ${bytes.join(" ")}`),
      closed: (reason) => events.push(`closed ${reason ?? ""}`),
    },
  );
  return events;
};

describe("fake TCP network", () => {
  it("follows the virtual clock, without timers for what answers", async () => {
    const clock = new FakeClock();
    const network = new FakeTcpNetwork({ clock, connectTimeoutMs: 300 });
    network.serve("meter", 502, (peer) => peer.send(Uint8Array.of(1, 2)));
    network.silence("silent", 502);
    const [answering, silent] = [record(network), record(network, "silent")];
    await clock.advance(299);
    expect([answering, silent]).toEqual([["opened", "data 1 2"], []]);
    await clock.advance(1);
    expect(silent).toEqual(["closed no answer from silent:502 within 300 ms (ETIMEDOUT)"]);
    expect([network.openConnections, network.dialled]).toEqual([1, ["meter:502", "silent:502"]]);
  });

  it("drops connections of one address, and refuses when told", async () => {
    const clock = new FakeClock();
    const network = new FakeTcpNetwork({ clock });
    network.serve("meter", 502, () => undefined);
    network.serve("other", 502, () => undefined);
    const [meter, other] = [record(network), record(network, "other")];
    await clock.advance(0);
    network.drop("meter", 502);
    network.refuse("meter", 502);
    await clock.advance(0);
    expect(meter).toEqual(["opened", "closed connection reset by meter:502 (ECONNRESET)"]);
    expect(other).toEqual(["opened"]);
    const again = record(network);
    await clock.advance(0);
    expect(again).toEqual(["closed connection refused by meter:502 (ECONNREFUSED)"]);
  });

  it("hands over what waited when a peer reads again", async () => {
    const clock = new FakeClock();
    const network = new FakeTcpNetwork({ clock });
    const arrived: number[] = [];
    network.serve("meter", 502, (peer) => {
      peer.stopReading();
      peer.onData((bytes) => arrived.push(...bytes));
      clock.after(100, () => peer.resumeReading());
    });
    const stream = network.connect(
      { host: "meter", port: 502 },
      { opened: () => stream.write(Uint8Array.of(1, 2)), data: () => undefined, closed: () => undefined },
    );
    await clock.advance(99);
    expect(arrived).toEqual([]);
    await clock.advance(1);
    expect(arrived).toEqual([1, 2]);
  });
});
