import { createServer, type RequestListener } from "node:http";
import { createServer as createHttp2, type ServerHttp2Stream } from "node:http2";
import { type AddressInfo, createServer as createTcp, type Server } from "node:net";
import { FakeClock } from "@skerry/testing";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { decodeHealth, encodeHealthRequest } from "../../src/edge/probes/network/health-message.ts";
import { NodeProbeNetwork } from "../../src/edge/probes/network/node-probe-network.ts";

const host = "127.0.0.1";
const clock = new FakeClock();
const network = new NodeProbeNetwork(clock);

async function listening(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, host, done));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function closedPort(): Promise<number> {
  const server = createTcp();
  await new Promise<void>((done) => server.listen(0, host, done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** Ends when the timeout of what is under way has passed; the clock is nobody else's. */
async function late<T>(asked: Promise<T>, ms: number): Promise<T> {
  asked.catch(() => undefined);
  await vi.waitFor(() => expect(clock.pending).toBe(1));
  await new Promise((done) => setImmediate(done));
  await clock.advance(ms);
  return asked;
}

describe("tcpSocket", () => {
  it("finds what listens, and says what does not", async () => {
    const port = await listening(createTcp((socket) => socket.on("error", () => undefined)));
    await expect(network.connect({ host, port }, 1000)).resolves.toBeUndefined();
    const closed = await closedPort();
    const refused = `dial tcp ${host}:${closed}: connect: connection refused`;
    await expect(network.connect({ host, port: closed }, 1000)).rejects.toThrow(refused);
    expect(clock.pending).toBe(0);
  });
});

describe("httpGet", () => {
  const serve = (listener: RequestListener) => listening(createServer(listener));

  it("sends path, query and headers, and takes status, location and the beginning of the body", async () => {
    const seen: unknown[] = [];
    const port = await serve(({ url, headers }, response) => {
      seen.push([url, headers.host, headers["user-agent"], headers["x-a"], headers.accept]);
      response.writeHead(307, { location: "/b" }).end("x".repeat(20_000));
    });
    const headers = [
      { name: "X-A", value: "1" },
      { name: "Host", value: "example.test" },
      { name: "Accept", value: "" },
    ];
    const answer = await network.get({ url: new URL(`http://${host}:${port}/a?b=c`), headers }, 1000);
    expect(answer).toEqual({ status: 307, location: "/b", body: "x".repeat(10_240) });
    expect(seen).toEqual([["/a?b=c", "example.test", "kube-probe/1.32", "1", undefined]]);
  });

  it("names what it asked when there is no answer, or none in time", async () => {
    const closed = new URL(`http://${host}:${await closedPort()}/`);
    await expect(network.get({ url: closed, headers: [] }, 1000)).rejects.toThrow(
      `Get "${closed.href}": dial tcp ${closed.host}: connect: connection refused`,
    );
    const port = await serve(() => undefined);
    const url = new URL(`http://${host}:${port}/`);
    await expect(late(network.get({ url, headers: [] }, 1000), 1000)).rejects.toThrow(
      "context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
    );
  });
});

describe("grpc", () => {
  const serve = (answer: (stream: ServerHttp2Stream, request: Buffer) => void) => {
    const server = createHttp2();
    server.on("stream", (stream) => {
      const chunks: Buffer[] = [];
      stream.on("error", () => undefined);
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => answer(stream, Buffer.concat(chunks)));
    });
    return listening(server as unknown as Server);
  };
  const reply = (message: readonly number[], status: string) => (stream: ServerHttp2Stream) => {
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": status, "grpc-message": "because" }));
    stream.end(Buffer.from([0, 0, 0, 0, message.length, ...message]));
  };

  it("asks for the service, and takes what it answers", async () => {
    let asked: Buffer = Buffer.alloc(0);
    const port = await serve((stream, request) => {
      asked = request;
      reply([0x08, 1], "0")(stream);
    });
    expect(await network.health({ host, port }, "api", 1000)).toBe("SERVING");
    expect(asked.toString("hex")).toBe("00000000050a03617069");
  });

  it("says what a server does not speak, refuses, or does not answer", async () => {
    const old = await serve(reply([], "12"));
    await expect(network.health({ host, port: old }, "", 1000)).rejects.toThrow("does not implement the grpc health");
    const failing = await serve(reply([], "13"));
    await expect(network.health({ host, port: failing }, "", 1000)).rejects.toThrow(
      "error: health rpc probe failed: because",
    );
    const silent = await serve(() => undefined);
    const asked = network.health({ host, port: silent }, "", 2000);
    await expect(late(asked, 2000)).rejects.toThrow("timeout: health rpc did not complete within 2s");
  });

  it("takes no message for another", () => {
    expect(encodeHealthRequest("").toString("hex")).toBe("0000000000");
    const message = (...bytes: number[]) => decodeHealth(Uint8Array.from([0, 0, 0, 0, bytes.length, ...bytes]));
    expect(message()).toBe("UNKNOWN");
    expect(message(8, 2)).toBe("NOT_SERVING");
    for (const wrong of [message(8, 9), message(16, 1), message(8), decodeHealth(Uint8Array.from([1, 0, 0, 0, 0]))])
      expect(wrong).toBeUndefined();
  });
});
