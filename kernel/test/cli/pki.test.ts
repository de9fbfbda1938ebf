import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ensurePki } from "../../src/cli/up/pki.ts";

const now = new Date("2026-06-01T00:00:00Z");
const days = (count: number) => new Date(now.getTime() + count * 24 * 60 * 60 * 1000);
let folder: string;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), "skerry-pki-")), "pki");
});

afterEach(() => rm(join(folder, ".."), { recursive: true, force: true }));

const load = async (name: string) => new X509Certificate(await readFile(join(folder, `${name}.crt`)));

describe("certificates of a first start", () => {
  it("are signed by one CA and name whom Kubernetes expects", async () => {
    await ensurePki(folder, "edge-1", now);
    const ca = await load("ca");
    expect(ca.ca).toBe(true);
    for (const name of ["server", "admin", "cloud", "edge"]) {
      const certificate = await load(name);
      expect(certificate.verify(ca.publicKey), name).toBe(true);
      expect(certificate.ca).toBe(false);
    }
    expect((await load("edge")).subject.split("\n").sort()).toEqual(["CN=system:node:edge-1", "O=system:nodes"]);
    expect((await load("admin")).subject.split("\n").sort()).toEqual(["CN=admin", "O=system:masters"]);
    const server = await load("server");
    expect(server.checkIP("127.0.0.1")).toBe("127.0.0.1");
    expect(server.checkHost("localhost")).toBe("localhost");
    expect(server.checkHost("example.com")).toBeUndefined();
  });

  it("have keys that only their owner may read", async () => {
    await ensurePki(folder, "edge-1", now);
    for (const name of ["ca", "server", "admin", "cloud", "edge"]) {
      expect((await stat(join(folder, `${name}.key`))).mode & 0o777, name).toBe(0o600);
    }
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it("stay while they are good, and are made anew before they expire, under the same CA", async () => {
    await ensurePki(folder, "edge-1", now);
    const first = [await load("ca"), await load("edge")];
    await ensurePki(folder, "edge-1", days(300));
    expect((await load("edge")).serialNumber).toBe(first[1]?.serialNumber);
    await ensurePki(folder, "edge-1", days(350));
    expect((await load("edge")).serialNumber).not.toBe(first[1]?.serialNumber);
    expect((await load("ca")).serialNumber).toBe(first[0]?.serialNumber);
    expect((await load("edge")).verify((await load("ca")).publicKey)).toBe(true);
  });

  it("follow the node's name", async () => {
    await ensurePki(folder, "edge-1", now);
    await ensurePki(folder, "edge-2", now);
    expect((await load("edge")).subject).toContain("CN=system:node:edge-2");
  });

  it("makes a server's certificate anew that does not name where it is reached", async () => {
    await ensurePki(folder, "edge-1", now);
    const before = await load("server");
    await ensurePki(folder, "edge-1", now, ["192.0.2.7", "cloud.example.org"]);
    const after = await load("server");
    expect(after.subjectAltName).toContain("192.0.2.7");
    expect(after.checkHost("cloud.example.org")).toBe("cloud.example.org");
    expect(after.checkIP("127.0.0.1")).toBe("127.0.0.1");
    await ensurePki(folder, "edge-1", now, ["192.0.2.7"]);
    expect((await load("server")).serialNumber).toBe(after.serialNumber);
    expect(before.serialNumber).not.toBe(after.serialNumber);
  });
});
