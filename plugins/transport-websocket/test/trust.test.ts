import { connect } from "node:tls";
import type { Connection } from "@skerry/contracts";
import { describe, expect, it, vi } from "vitest";
import { TestAuthority } from "./test-authority.ts";
import { onceWorld, type TransportWorld } from "./transport-world.ts";

const never = new AbortController().signal;
const untrusted = (reason: string) => ({
  code: "SKERRY_TRANSPORT_UNTRUSTED",
  family: "denied",
  details: { address: expect.stringContaining("127.0.0.1:"), reason: expect.stringContaining(reason) },
});

/** A cloud that listens, and what it accepted. */
async function listening(world: TransportWorld, transport = world.cloud()) {
  const accepted: Connection[] = [];
  const { address } = await transport.listen((connection) => accepted.push(connection));
  return { accepted, address };
}

const refusals = (world: TransportWorld) =>
  world.log.records.filter(({ message }) => message === "refused a connection").map(({ fields }) => fields["reason"]);

describe("trust in the edge", () => {
  it("refuses a client without a certificate", async () => {
    const world = await onceWorld();
    const { accepted, address } = await listening(world);
    const port = Number(address.split(":")[1]);
    const ended = vi.fn();
    let answer = "";
    const socket = connect({ port, host: "127.0.0.1", ca: await world.authority.read("ca.crt") });
    socket.on("close", ended).on("data", (data) => {
      answer += data;
    });
    socket.write("GET / HTTP/1.1\r\nHost: cloud\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    await vi.waitFor(() => expect(ended).toHaveBeenCalled());
    expect(accepted).toEqual([]);
    expect(answer).toMatch(/^HTTP\/1.1 401 Unauthorized\r\n/);
    await vi.waitFor(() => expect(refusals(world)).toEqual([expect.stringContaining("it has no certificate")]));
  });

  it("refuses the certificate of another authority, and tells the edge why", async () => {
    const world = await onceWorld();
    await using foreign = await TestAuthority.create("foreign");
    const { accepted, address } = await listening(world);
    const tls = await world.authority.adopt(foreign, { subject: "CN=system:node:edge-1", usage: "client" });
    const reason = "does not accept this node's certificate; another authority than those in tls.ca signed it";
    await expect(world.edge(address, tls).connect(never)).rejects.toMatchObject(untrusted(reason));
    expect(accepted).toEqual([]);
    await vi.waitFor(() => expect(refusals(world)).toEqual([expect.stringContaining("unknown authority")]));
  });

  it("refuses an expired certificate, and tells the edge when it expired", async () => {
    const world = await onceWorld();
    const { accepted, address } = await listening(world);
    const tls = await world.authority.issue({ subject: "CN=system:node:edge-1", usage: "client", expiresIn: -1 });
    const reason = "does not accept this node's certificate; it expired on";
    await expect(world.edge(address, tls).connect(never)).rejects.toMatchObject(untrusted(reason));
    expect(accepted).toEqual([]);
    await vi.waitFor(() => expect(refusals(world)).toEqual([expect.stringContaining("has expired")]));
  });

  it("refuses a server's certificate in place of a client's", async () => {
    const world = await onceWorld();
    const { accepted, address } = await listening(world);
    const tls = await world.authority.issue({ subject: "CN=system:node:edge-1", usage: "server" });
    const reason = "does not accept this node's certificate";
    await expect(world.edge(address, tls).connect(never)).rejects.toMatchObject(untrusted(reason));
    expect(accepted).toEqual([]);
  });

  it.each(["O=system:nodes", "CN=one, CN=two"])("refuses a certificate whose subject is %s", async (subject) => {
    const world = await onceWorld();
    const { accepted, address } = await listening(world);
    const tls = await world.authority.issue({ subject, usage: "client" });
    const refused = { code: "SKERRY_TRANSPORT_REFUSED", details: { address, reason: "HTTP status 403 Forbidden" } };
    await expect(world.edge(address, tls).connect(never)).rejects.toMatchObject(refused);
    expect(accepted).toEqual([]);
  });
});

describe("trust in the cloud", () => {
  it("refuses a server of another authority", async () => {
    const world = await onceWorld();
    await using foreign = await TestAuthority.create("foreign");
    const tls = await world.authority.adopt(foreign, { subject: "CN=skerry-cloud", usage: "server" });
    const { address } = await listening(world, world.cloud({ tls }));
    const reason = "its certificate was signed by an unknown authority";
    await expect(world.edge(address).connect(never)).rejects.toMatchObject(untrusted(reason));
  });

  it("refuses an expired server", async () => {
    const world = await onceWorld();
    const tls = await world.authority.issue({ subject: "CN=skerry-cloud", usage: "server", expiresIn: -1 });
    const { address } = await listening(world, world.cloud({ tls }));
    await expect(world.edge(address).connect(never)).rejects.toMatchObject(
      untrusted("its certificate has expired (CERT_HAS_EXPIRED)"),
    );
  });

  it("refuses a server that is another host", async () => {
    const world = await onceWorld();
    const tls = await world.authority.issue({ subject: "CN=skerry-cloud", usage: "server", hosts: ["elsewhere"] });
    const { address } = await listening(world, world.cloud({ tls }));
    await expect(world.edge(address).connect(never)).rejects.toMatchObject(
      untrusted("its certificate is for another host"),
    );
  });

  it("refuses another edge in place of the cloud", async () => {
    const world = await onceWorld();
    const tls = await world.authority.issue({ subject: "CN=system:node:edge-2", usage: "client" });
    const { address } = await listening(world, world.cloud({ tls }));
    await expect(world.edge(address).connect(never)).rejects.toMatchObject(
      untrusted("its certificate is for another purpose"),
    );
  });

  it("refuses a server without a common name", async () => {
    const world = await onceWorld();
    const tls = await world.authority.issue({ subject: "O=skerry", usage: "server" });
    const { address } = await listening(world, world.cloud({ tls }));
    await expect(world.edge(address).connect(never)).rejects.toMatchObject(untrusted("has no common name"));
  });

  it("verifies a host name, also of a server with several", async () => {
    const world = await onceWorld();
    const { accepted, address } = await listening(world);
    const connection = await world.edge(address.replace("127.0.0.1", "localhost")).connect(never);
    expect(connection.peer).toEqual({ identity: "skerry-cloud", address: address.replace("127.0.0.1", "localhost") });
    await vi.waitFor(() => expect(accepted.length).toBe(1));
  });
});

describe("renewed certificates", () => {
  it("take effect with the next connection and the next listener", async () => {
    const world = await onceWorld();
    const transport = world.cloud();
    const first = await listening(world, transport);
    const edge = world.edge(first.address);
    await edge.connect(never);
    await world.authority.issue({ subject: "CN=system:node:renewed", usage: "client" }, "client");
    await edge.connect(never);
    await vi.waitFor(() =>
      expect(first.accepted.map(({ peer }) => peer.identity)).toEqual(["system:node:edge-1", "system:node:renewed"]),
    );
    await world.authority.issue({ subject: "CN=renewed-cloud", usage: "server" }, "server");
    const second = await listening(world, transport);
    expect((await edge.connect(never)).peer.identity).toBe("skerry-cloud");
    expect((await world.edge(second.address).connect(never)).peer.identity).toBe("renewed-cloud");
  });

  it("take effect at a listener within half a minute, for the connections that come", async () => {
    const world = await onceWorld();
    const { address } = await listening(world);
    const edge = world.edge(address);
    const before = await edge.connect(never);
    await world.authority.issue({ subject: "CN=renewed-cloud", usage: "server" }, "server");
    await world.clock.advance(30_000);
    await vi.waitFor(async () => expect((await edge.connect(never)).peer.identity).toBe("renewed-cloud"));
    expect(before.peer.identity).toBe("skerry-cloud");
  });

  it("that cannot be read leave a listener with the one it has, and are told", async () => {
    const world = await onceWorld();
    const { address } = await listening(world);
    await world.authority.remove("server.key");
    await world.clock.advance(30_000);
    await vi.waitFor(() => expect(world.log.records.map(({ level }) => level)).toContain("warn"));
    expect((await world.edge(address).connect(never)).peer.identity).toBe("skerry-cloud");
  });
});
