import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Connection, Transport } from "@skerry/contracts";
import { startTestNode } from "@skerry/testing";
import { describe, expect, it, vi } from "vitest";
import { plugin } from "../src/index.ts";
import { onceWorld } from "./transport-world.ts";

const never = new AbortController().signal;
const ignore = () => undefined;
const server = { ca: "ca.crt", certificate: "server.crt", key: "server.key" };

describe("settings of transport-websocket", () => {
  it("connects two nodes, whose TLS files are in their home", async () => {
    const { authority } = await onceWorld();
    const start = (settings: object) =>
      startTestNode({ plugins: [{ plugin, settings }], node: { home: authority.folder } });
    await using cloud = await start({ listen: { port: 0 }, tls: server });
    const accepted: Connection[] = [];
    const { address } = await cloud.service(Transport).listen((connection) => accepted.push(connection));
    expect(address).toMatch(/^127\.0\.0\.1:\d+$/);
    const tls = { ca: "ca.crt", certificate: "client.crt", key: join(authority.folder, "client.key") };
    await using edge = await start({ url: `wss://${address}/`, tls });
    const connection = await edge.service(Transport).connect(never);
    await vi.waitFor(() => expect(accepted.map(({ peer }) => peer.identity)).toEqual(["system:node:edge-1"]));
    expect(connection.peer).toEqual({ identity: "skerry-cloud", address });
  });

  it.each(["ws://cloud:1", "https://cloud:1", "wss://", "wss://cloud:1/path", "wss://user@cloud:1", "wss://cloud?x"])(
    "are refused with the url %s",
    async (url) => {
      const starting = startTestNode({ plugins: [{ plugin, settings: { url, tls: server } }] });
      await expect(starting).rejects.toThrow("url");
    },
  );

  it.each(["wss://cloud:99999", "wss://[1:2", "wss://%"])("fail to connect with the url %s", async (url) => {
    const transport = (await onceWorld()).transport({ url, tls: server });
    const error = { code: "SKERRY_TRANSPORT_BAD_URL", family: "settings", details: { url } };
    await expect(transport.connect(never)).rejects.toMatchObject(error);
  });

  it("are needed for what the node does with the transport", async () => {
    const world = await onceWorld();
    const missing = (setting: string) => ({ code: "SKERRY_TRANSPORT_NOT_CONFIGURED", details: { setting } });
    await expect(world.transport({ tls: server }).connect(never)).rejects.toMatchObject(missing("url"));
    await expect(world.transport({ tls: server }).listen(ignore)).rejects.toMatchObject(missing("listen.port"));
    const portless = world.transport({ listen: { host: "127.0.0.1" }, tls: server });
    await expect(portless.listen(ignore)).rejects.toMatchObject(missing("listen.port"));
  });

  it("must name an address that this machine has", async () => {
    const world = await onceWorld();
    const transport = world.transport({ listen: { host: "192.0.2.1", port: 0 }, tls: server });
    const details = { address: "192.0.2.1:0", reason: expect.stringContaining("does not have that address") };
    await expect(transport.listen(ignore)).rejects.toMatchObject({ code: "SKERRY_TRANSPORT_CANNOT_LISTEN", details });
  });

  it.each([
    ["ca", "missing.crt", "does not exist"],
    ["certificate", "folder", "is a folder"],
    ["certificate", "server.key", "holds no certificate in PEM"],
    ["certificate", "empty", "holds no certificate in PEM"],
    ["key", "ca.crt", "holds no unencrypted private key in PEM"],
    ["key", "client.key", "is not the key of the certificate"],
    ["key", "huge", "is larger than 262144 bytes"],
  ])("name in %s a file, %s, that %s", async (name, file, problem) => {
    const world = await onceWorld();
    const { folder } = world.authority;
    await mkdir(join(folder, "folder"));
    await writeFile(join(folder, "empty"), "");
    await writeFile(join(folder, "huge"), "x".repeat(300_000));
    const tls = { ...server, [name]: file };
    const error = {
      code: "SKERRY_TRANSPORT_BAD_TLS_FILE",
      family: "settings",
      details: { file: join(folder, file), setting: `tls.${name}`, problem },
    };
    await expect(world.cloud({ tls }).listen(ignore)).rejects.toMatchObject(error);
    await expect(world.edge("127.0.0.1:1", tls).connect(never)).rejects.toMatchObject(error);
  });
});
