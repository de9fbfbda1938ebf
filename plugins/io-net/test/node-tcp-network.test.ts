import { type TcpAddress, type TcpHandlers, TcpNetwork } from "@skerry/contracts";
import { FakeClock, startTestNode } from "@skerry/testing";
import { describe, expect, it, vi } from "vitest";
import { plugin } from "../src/index.ts";
import { peerName, tcpReason } from "../src/tcp-reason.ts";
import { listen, openNetwork } from "./real-network.ts";

function recorder(): { readonly events: string[]; readonly handlers: TcpHandlers } {
  const events: string[] = [];
  return {
    events,
    handlers: {
      opened: () => events.push("opened"),
      data: (bytes) => events.push(`data ${bytes.length}`),
      closed: (reason) => events.push(`closed ${reason ?? ""}`),
    },
  };
}

describe("io-net", () => {
  it("gives up connecting after the timeout, by the injected clock", async () => {
    const clock = new FakeClock();
    const network = openNetwork(clock);
    const { events, handlers } = recorder();
    // TEST-NET-1 (RFC 5737) belongs to nobody. Where the machine refuses at once, that is an answer as well.
    network.connect({ host: "192.0.2.1", port: 502 }, handlers);
    await clock.advance(4999);
    if (events.length === 0) {
      await clock.advance(1);
      expect(events).toEqual(["closed no answer from 192.0.2.1:502 within 5000 ms (ETIMEDOUT)"]);
    }
    expect(events).toEqual([expect.stringMatching(/^closed .*192\.0\.2\.1:502.* \(E[A-Z]+\)$/)]);
    expect(clock.pending).toBe(0);
  });

  it("keeps no timer once a connection is open", async () => {
    const clock = new FakeClock();
    const { events, handlers } = recorder();
    const stream = openNetwork(clock).connect(await listen(() => undefined), handlers);
    await vi.waitFor(() => expect(events).toEqual(["opened"]));
    expect(clock.pending).toBe(0);
    await clock.advance(60_000);
    stream.close();
    await vi.waitFor(() => expect(events).toEqual(["opened", "closed "]));
    expect(clock.pending).toBe(0);
  });

  it("does not wait for ever for a closing peer that takes nothing", async () => {
    const clock = new FakeClock();
    const network = openNetwork(clock);
    const address = await listen((socket) => socket.pause());
    const [probe, subject] = [recorder(), recorder()];
    // Finds out how much the operating system takes, so that afterwards something waits but not too much.
    const fill = async ({ events, handlers }: ReturnType<typeof recorder>, pieces: number) => {
      const stream = network.connect(address, handlers);
      await vi.waitFor(() => expect(events).toEqual(["opened"]));
      let written = 0;
      for (; written < pieces && events.length === 1; written += 1) {
        stream.write(new Uint8Array(100_000));
        await new Promise((resolve) => setImmediate(resolve));
      }
      return { stream, written };
    };
    const { written } = await fill(probe, 1000);
    expect(probe.events.length).toBe(2);
    const { stream } = await fill(subject, written - 4);
    stream.close();
    await clock.advance(1999);
    expect([subject.events, clock.pending]).toEqual([["opened"], 1]);
    await clock.advance(1);
    await vi.waitFor(() => expect(subject.events).toEqual(["opened", "closed "]));
    expect(clock.pending).toBe(0);
  });

  it("closes every stream with a reason when it stops, and opens no other", async () => {
    const network = openNetwork();
    const address: TcpAddress = await listen(() => undefined);
    const [open, opening, late] = [recorder(), recorder(), recorder()];
    network.connect(address, open.handlers);
    await vi.waitFor(() => expect(open.events).toEqual(["opened"]));
    network.connect(address, opening.handlers);
    await network.stop();
    network.connect(address, late.handlers);
    await vi.waitFor(() => expect(late.events.length).toBe(1));
    const stopped = "closed the node's network has stopped";
    expect([open.events, opening.events, late.events]).toEqual([["opened", stopped], [stopped], [stopped]]);
  });

  it("says that a name has no address", async () => {
    const { events, handlers } = recorder();
    openNetwork().connect({ host: "no such host", port: 502 }, handlers);
    await vi.waitFor(
      () => expect(events).toEqual([expect.stringMatching(/^closed no address found for no such host:502/)]),
      10_000,
    );
  });

  it("puts system errors into words", () => {
    const error = (code: string) => Object.assign(new Error("connect"), { code });
    const codes = ["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT", "EPIPE", "EACCES", "EMFILE"];
    expect(codes.map((code) => tcpReason(error(code), "h:1"))).toEqual([
      "connection refused by h:1 (ECONNREFUSED)",
      "no route to h:1 (EHOSTUNREACH)",
      "the network of h:1 is unreachable (ENETUNREACH)",
      "no answer from h:1 (ETIMEDOUT)",
      "h:1 no longer takes bytes (EPIPE)",
      "this machine does not permit a connection to h:1 (EACCES)",
      "connection to h:1 failed (EMFILE)",
    ]);
    expect(tcpReason(new Error("strange"), "h:1")).toBe("connection to h:1 failed: strange");
    expect(peerName({ host: "::1", port: 5 })).toBe("[::1]:5");
  });

  it("comes up as a plugin", async () => {
    await using node = await startTestNode({ plugins: [plugin] });
    const { events, handlers } = recorder();
    const stream = node.service(TcpNetwork).connect(await listen((socket) => socket.end("hi")), handlers);
    await vi.waitFor(() => expect(events).toEqual(["opened", "data 2", "closed "]));
    stream.close();
  });
});
