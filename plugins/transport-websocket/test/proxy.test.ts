import { chmod, mkdir, writeFile } from "node:fs/promises";
import { createServer as createTcpServer } from "node:net";
import { join } from "node:path";
import type { Connection } from "@skerry/contracts";
import { describe, expect, it, vi } from "vitest";
import type { ProxySettings } from "../src/index.ts";
import { hear } from "./ear.ts";
import { TestAuthority } from "./test-authority.ts";
import { type Answer, forward, guarded, TestProxy } from "./test-proxy.ts";
import { onceWorld, type TransportWorld } from "./transport-world.ts";

const never = new AbortController().signal;

async function cloudOf(world: TransportWorld) {
  const accepted: Connection[] = [];
  const { address } = await world.cloud().listen((connection) => accepted.push(connection));
  return { accepted, address };
}

function edgeOf(world: TransportWorld, address: string, proxy?: ProxySettings) {
  const tls = { ca: "ca.crt", certificate: "client.crt", key: "client.key" };
  return world.transport({ url: `wss://${address}`, tls, ...(proxy === undefined ? {} : { proxy }) });
}

async function credentialsFile(world: TransportWorld, text: string, mode = 0o600): Promise<string> {
  const file = join(world.authority.folder, "proxy-credentials");
  await writeFile(file, text);
  await chmod(file, mode);
  return file;
}

describe("a proxy", () => {
  it("carries frames both ways, with the certificates of both ends", async () => {
    const world = await onceWorld();
    const { accepted, address } = await cloudOf(world);
    const proxy = await TestProxy.open();
    const connection = await edgeOf(world, address, { url: `http://${proxy.address}` }).connect(never);
    await vi.waitFor(() => expect(accepted).toHaveLength(1));
    expect(connection.peer).toEqual({ identity: "skerry-cloud", address });
    expect(accepted[0]?.peer.identity).toBe("system:node:edge-1");
    expect(proxy.asked).toEqual([{ target: address, authorization: undefined }]);
    const [down, up] = [hear(connection), hear(accepted[0])];
    connection.send(Uint8Array.of(1, 2));
    accepted[0]?.send(new Uint8Array(300_000).fill(7));
    await vi.waitFor(() => expect([up.frames.length, down.frames.length]).toEqual([1, 1]));
    expect(down.frames[0]?.byteLength).toBe(300_000);
    connection.close(1000, "enough");
    await vi.waitFor(() => expect(up.codes).toEqual([1000]));
  });

  it("that changes who answers is found out: TLS goes end to end", async () => {
    const world = await onceWorld();
    await using foreign = await TestAuthority.create("foreign");
    const tls = await world.authority.adopt(foreign, { subject: "CN=skerry-cloud", usage: "server" });
    const { address: impostor } = await world.cloud({ tls }).listen(() => undefined);
    const { address } = await cloudOf(world);
    const proxy = await TestProxy.open((request, client, head) => {
      request.url = impostor;
      forward(request, client, head);
    });
    await expect(edgeOf(world, address, { url: `http://${proxy.address}` }).connect(never)).rejects.toMatchObject({
      code: "SKERRY_TRANSPORT_UNTRUSTED",
      details: { address, reason: expect.stringContaining("unknown authority") },
    });
  });

  it("gets credentials from a file, and no log or error holds them", async () => {
    const world = await onceWorld();
    const { address } = await cloudOf(world);
    const proxy = await TestProxy.open(guarded("edge:s3cret:word"));
    const url = `http://${proxy.address}`;
    const file = await credentialsFile(world, "edge:s3cret:word\n");
    await edgeOf(world, address, { url, credentials: file }).connect(never);
    await credentialsFile(world, "edge:wr0ng\n");
    const failed = await edgeOf(world, address, { url, credentials: file }).connect(never).then(String, String);
    expect(failed).toContain("407 Proxy Authentication Required; it does not accept the credentials");
    expect(failed + JSON.stringify(world.log.records)).not.toMatch(/s3cret|wr0ng|ZWRnZTp/);
  });

  it.each([
    ["others may read", "a:b", 0o640, "may be used by others: its mode is 0640, not 0600"],
    ["has no colon", "ab", 0o600, "does not hold one line of the form user:password"],
    ["has two lines", "a:b\nX: y", 0o600, "does not hold one line of the form user:password"],
    ["is empty", "", 0o600, "does not hold one line of the form user:password"],
    ["is huge", `a:${"b".repeat(2000)}`, 0o600, "is larger than 1024 bytes"],
  ])("takes no credentials of a file that %s", async (_, text, mode, problem) => {
    const world = await onceWorld();
    const file = await credentialsFile(world, text, mode);
    const connecting = edgeOf(world, "127.0.0.1:1", { url: "http://127.0.0.1:1", credentials: file }).connect(never);
    await expect(connecting).rejects.toMatchObject({
      code: "SKERRY_TRANSPORT_BAD_CREDENTIALS",
      details: { file, setting: "proxy.credentials", problem },
    });
  });

  it.each([
    ["missing", "does not exist"],
    ["folder", "is no file"],
  ])("takes no credentials of a %s file", async (file, problem) => {
    const world = await onceWorld();
    await mkdir(join(world.authority.folder, "folder"));
    const connecting = edgeOf(world, "127.0.0.1:1", { url: "http://127.0.0.1:1", credentials: file }).connect(never);
    await expect(connecting).rejects.toMatchObject({ code: "SKERRY_TRANSPORT_BAD_CREDENTIALS", details: { problem } });
  });

  it("over TLS is verified as any server is", async () => {
    const world = await onceWorld();
    const { address } = await cloudOf(world);
    const proxy = await TestProxy.open(undefined, await world.serverFiles());
    const url = `https://${proxy.address}`;
    await expect(edgeOf(world, address, { url }).connect(never)).rejects.toMatchObject({
      code: "SKERRY_TRANSPORT_PROXY_REFUSED",
      details: { proxy: `${url} of the setting proxy.url`, reason: expect.stringContaining("unknown authority") },
    });
    const ca = join(world.authority.folder, "ca.crt");
    const connection = await edgeOf(world, address, { url, ca }).connect(never);
    expect(connection.peer.identity).toBe("skerry-cloud");
    expect(proxy.asked).toHaveLength(1);
  });
});

const status = (line: string) => (_: unknown, client: { end(text: string): void }) =>
  client.end(`HTTP/1.1 ${line}\r\n\r\n`);

describe("a proxy that cannot be used", () => {
  it.each<[string, Answer, string]>([
    ["asks for credentials", status("407 Proxy Authentication Required"), "; it asks for credentials"],
    ["permits nothing", status("403 Forbidden"), "HTTP status 403 Forbidden; it does not permit this host and port"],
    ["makes no tunnels", status("405 Method Not Allowed"), "; it makes no tunnels"],
    ["does not reach the cloud", status("502 Bad Gateway"), "HTTP status 502 Bad Gateway; it does not reach the host"],
    ["redirects", status("302 Found"), "HTTP status 302 Found"],
    ["has much to say", status(`200 OK\r\nX: ${"x".repeat(9_000)}`), "more than 8192 bytes of headers"],
    ["is no proxy", (_, client) => client.end("220 mail.example.org ESMTP\r\n"), "it is no HTTP proxy"],
    ["speaks too early", status("200 OK\r\n\r\nhello"), "it sent bytes before the other end could"],
  ])("%s", async (_, answer, reason) => {
    const world = await onceWorld();
    const proxy = await TestProxy.open(answer);
    const url = `http://${proxy.address}`;
    await expect(edgeOf(world, "cloud.invalid:443", { url }).connect(never)).rejects.toMatchObject({
      code: "SKERRY_TRANSPORT_PROXY_REFUSED",
      family: "denied",
      details: {
        proxy: `${url} of the setting proxy.url`,
        address: "cloud.invalid:443",
        reason: expect.stringContaining(reason),
      },
    });
    expect(world.clock.pending).toBe(0);
  });

  it("speaks no TLS, where TLS was asked for", async () => {
    const world = await onceWorld();
    const proxy = await TestProxy.open();
    const connecting = edgeOf(world, "cloud.invalid:443", { url: `https://${proxy.address}` }).connect(never);
    const details = { reason: expect.stringContaining("does not complete a TLS handshake") };
    await expect(connecting).rejects.toMatchObject({ code: "SKERRY_TRANSPORT_PROXY_REFUSED", details });
  });

  it("does not listen", async () => {
    const world = await onceWorld();
    const server = createTcpServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    await expect(edgeOf(world, "c:1", { url: `http://127.0.0.1:${port}` }).connect(never)).rejects.toMatchObject({
      code: "SKERRY_TRANSPORT_PROXY_UNREACHABLE",
      family: "unavailable",
      details: { reason: "nobody listens there (ECONNREFUSED)" },
    });
  });

  it("drops the connection", async () => {
    const world = await onceWorld();
    const proxy = await TestProxy.open((_, client) => client.destroy());
    await expect(edgeOf(world, "c:1", { url: `http://${proxy.address}` }).connect(never)).rejects.toMatchObject({
      code: "SKERRY_TRANSPORT_PROXY_UNREACHABLE",
    });
  });

  it("is silent: given up after five seconds, or when aborted", async () => {
    const world = await onceWorld();
    const proxy = await TestProxy.open(() => undefined);
    const url = `http://${proxy.address}`;
    const late = expect(edgeOf(world, "c:1", { url }).connect(never)).rejects.toMatchObject({
      code: "SKERRY_TRANSPORT_PROXY_UNREACHABLE",
      details: { reason: "no answer within 5000 ms" },
    });
    await vi.waitFor(() => expect(proxy.asked).toHaveLength(1));
    await world.clock.advance(5_000);
    await late;
    const abort = new AbortController();
    const aborted = expect(edgeOf(world, "c:1", { url }).connect(abort.signal)).rejects.toThrow("enough");
    await vi.waitFor(() => expect(proxy.asked).toHaveLength(2));
    abort.abort(new Error("enough"));
    await aborted;
    expect(world.clock.pending).toBe(0);
  });
});
