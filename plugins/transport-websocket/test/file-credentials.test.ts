import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FileCredentials } from "../src/index.ts";
import { onceWorld, type TransportWorld } from "./transport-world.ts";

const never = new AbortController().signal;

/** A node whose certificate and key are in one file. */
async function joined(world: TransportWorld) {
  const { cert, key, ca } = await world.clientFiles();
  await writeFile(join(world.authority.folder, "node.pem"), `${cert}\n${key}\n`);
  await writeFile(join(world.authority.folder, "trusted.crt"), String(ca));
  const tls = { ca: "trusted.crt", certificate: "node.pem", key: "node.pem" };
  return { tls, credentials: new FileCredentials({ tls }, world.node) };
}

describe("credentials of a node in files", () => {
  it("are replaced in one step, and the next connection shows them", async () => {
    const world = await onceWorld();
    const { tls, credentials } = await joined(world);
    const accepted: string[] = [];
    const { address } = await world.cloud().listen(({ peer }) => accepted.push(`${peer.identity} ${peer.serial}`));
    const edge = world.edge(address, tls);
    await edge.connect(never);
    const renewed = await world.authority.issue({ subject: "CN=system:node:renewed", usage: "client" });
    const [certificate, key] = await Promise.all(
      [renewed.certificate, renewed.key].map(async (file) => (await world.authority.read(file)).toString()),
    );
    const { ca } = await credentials.read();
    await credentials.replace({ certificate: certificate ?? "", key: key ?? "", ca });
    await edge.connect(never);
    expect(accepted).toEqual([
      expect.stringMatching(/^system:node:edge-1 [0-9A-F]+$/),
      expect.stringMatching(/^system:node:renewed [0-9A-F]+$/),
    ]);
    expect(await credentials.read()).toEqual({ certificate: certificate?.trim(), ca });
    const file = join(world.authority.folder, "node.pem");
    expect([(await stat(file)).mode & 0o777, await readFile(file, "utf8")]).toEqual([
      0o600,
      `${certificate?.trim()}\n${key?.trim()}\n`,
    ]);
  });

  it("take other authorities along", async () => {
    const world = await onceWorld();
    const { credentials } = await joined(world);
    const { cert, key, ca } = await world.clientFiles();
    await credentials.replace({ certificate: String(cert), key: String(key), ca: `${ca}\n${ca}` });
    expect((await credentials.read()).ca).toBe(`${ca}\n${ca}`);
  });

  it("in two files cannot be replaced", async () => {
    const world = await onceWorld();
    const tls = { ca: "ca.crt", certificate: "client.crt", key: "client.key" };
    const credentials = new FileCredentials({ tls }, world.node);
    expect(credentials.isReplaceable).toBe(false);
    const replacing = credentials.replace({ ...(await credentials.read()), key: "" });
    await expect(replacing).rejects.toMatchObject({
      code: "SKERRY_TRANSPORT_NOT_ONE_FILE",
      details: { certificate: "client.crt", key: "client.key" },
    });
  });
});
