import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { authoritiesOf } from "../src/authorities.ts";
import { TestAuthority } from "./test-authority.ts";
import { onceWorld } from "./transport-world.ts";

const never = new AbortController().signal;
const client = { ca: "bundle.crt", certificate: "client.crt", key: "client.key" };

describe("several authorities in tls.ca", () => {
  it.each([
    ["the old one first", false],
    ["the new one first", true],
  ])("trust both, %s: certificates can be changed one after the other", async (_, newFirst) => {
    const world = await onceWorld();
    await using next = await TestAuthority.create("next");
    const { folder } = world.authority;
    const files = [await readFile(join(folder, "ca.crt"), "utf8"), await readFile(join(next.folder, "ca.crt"), "utf8")];
    const bundle = (newFirst ? files.reverse() : files).join("\n# the other authority\n");
    await writeFile(join(folder, "bundle.crt"), bundle);
    expect(authoritiesOf(Buffer.from(bundle))).toHaveLength(2);

    const renewed = await world.authority.adopt(next, { subject: "CN=skerry-cloud", usage: "server" });
    const old = await world.cloud({ tls: { ...client, certificate: "server.crt", key: "server.key" } }).listen(() => 0);
    const fresh = await world.cloud({ tls: { ...renewed, ca: "bundle.crt" } }).listen(() => 0);
    const freshClient = await world.authority.adopt(next, { subject: "CN=system:node:edge-1", usage: "client" });
    for (const { address } of [old, fresh]) {
      for (const tls of [client, { ...freshClient, ca: "bundle.crt" }]) {
        expect((await world.edge(address, tls).connect(never)).peer.identity).toBe("skerry-cloud");
      }
    }
    const stranger = world.edge(fresh.address, { ...client, ca: "ca.crt" });
    await expect(stranger.connect(never)).rejects.toMatchObject({ code: "SKERRY_TRANSPORT_UNTRUSTED" });
  });

  it("must all be certificates", async () => {
    const world = await onceWorld();
    const good = await world.authority.read("ca.crt");
    const bad = "-----BEGIN CERTIFICATE-----\nbm9uc2Vuc2U=\n-----END CERTIFICATE-----\n";
    await writeFile(join(world.authority.folder, "bundle.crt"), `${good}\n${bad}`);
    const details = { setting: "tls.ca", problem: "holds no certificate in PEM" };
    const error = { code: "SKERRY_TRANSPORT_BAD_TLS_FILE", details };
    await expect(world.edge("127.0.0.1:1", client).connect(never)).rejects.toMatchObject(error);
    const tls = { certificate: "client.crt", key: "client.key", ca: "ca.crt" };
    const settings = { url: "wss://127.0.0.1:1", tls, proxy: { url: "https://127.0.0.1:1", ca: "bundle.crt" } };
    await expect(world.transport(settings).connect(never)).rejects.toMatchObject({
      code: "SKERRY_TRANSPORT_BAD_TLS_FILE",
      details: { setting: "proxy.ca", problem: "holds no certificate in PEM" },
    });
  });

  it("explain what is not trusted by all of them", async () => {
    const world = await onceWorld();
    await using foreign = await TestAuthority.create("foreign");
    await using next = await TestAuthority.create("next");
    const bundle = `${await next.read("ca.crt")}\n${await world.authority.read("ca.crt")}`;
    await writeFile(join(world.authority.folder, "bundle.crt"), bundle);
    const { address } = await world.cloud().listen(() => undefined);
    const reasonOf = (tls: typeof client) =>
      world
        .edge(address, { ...tls, ca: "bundle.crt" })
        .connect(never)
        .then(String, String);
    const adopted = await world.authority.adopt(foreign, { subject: "CN=system:node:edge-1", usage: "client" });
    expect(await reasonOf(adopted)).toContain("another authority than those in tls.ca signed it");
  });
});
