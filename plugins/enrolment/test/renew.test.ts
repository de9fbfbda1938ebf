import { X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import { certificateRequest } from "../src/shared/certificate-request.ts";
import { DelayedWatches } from "./delayed-watches.ts";
import { type CloudUnderTest, EnrolmentWorld, newCa, newKey } from "./enrolment-world.ts";

const day = 86_400_000;

async function joined() {
  const world = await EnrolmentWorld.create();
  const cloud = await world.cloud();
  const { certificate } = await cloud.join(await cloud.token(), { name: "pi-7" });
  return { world, cloud, certificate };
}

const renew = (cloud: CloudUnderTest, certificate?: string) =>
  cloud.ask({ path: "/renew", body: { csr: certificateRequest("anything", newKey()) } }, certificate);

const serialOf = (certificate: unknown) => new X509Certificate(String(certificate)).serialNumber;
const identity = "system:node:pi-7";

describe("renewing", () => {
  it("gives the node of the certificate that was shown its next one; both count", async () => {
    const { world, cloud, certificate } = await joined();
    await world.clock.advance(5 * day);
    const { status, body } = await renew(cloud, certificate);
    expect(status).toBe(200);
    const next = new X509Certificate(String(body["certificate"]));
    expect([next.subject, next.validTo]).toEqual(["O=system:nodes\nCN=system:node:pi-7", "Jan 13 00:00:00 2026 GMT"]);
    expect(body["ca"]).toBe(world.ca.certificate);
    for (const serial of [serialOf(certificate), next.serialNumber]) {
      expect(await cloud.refusal({ identity, serial })).toBeUndefined();
    }
  });

  it("is possible after the end of the certificate, within the grace and not later", async () => {
    const { world, cloud, certificate } = await joined();
    await world.clock.advance(7 * day + 30 * day);
    expect((await renew(cloud, certificate)).status).toBe(200);
    await world.clock.advance(1_000);
    expect(await renew(cloud, certificate)).toMatchObject({
      status: 403,
      body: { code: "SKERRY_ENROLMENT_NOT_RENEWABLE", message: expect.stringContaining("ended on 2026-01-08") },
    });
  });

  it("is refused to a node whose certificates were revoked, until it joins again", async () => {
    const { cloud, certificate } = await joined();
    await cloud.skerry("node", "revoke", "pi-7");
    expect(await renew(cloud, certificate)).toMatchObject({ status: 403, body: { code: "SKERRY_ENROLMENT_REVOKED" } });
    const again = await cloud.join(await cloud.token("--node", "pi-7"));
    expect((await renew(cloud, again.certificate)).status).toBe(200);
    expect(await renew(cloud, certificate)).toMatchObject({
      status: 403,
      body: { code: "SKERRY_ENROLMENT_NOT_CURRENT" },
    });
  });

  it("is refused without a certificate, with none of a node's, with one of another authority, and before its time", async () => {
    const { world, cloud, certificate } = await joined();
    const not = (problem: string) => ({
      status: 403,
      body: { code: "SKERRY_ENROLMENT_NOT_RENEWABLE", message: expect.stringContaining(problem) },
    });
    expect(await renew(cloud)).toMatchObject(not("none was shown"));
    expect(await renew(cloud, world.ca.certificate)).toMatchObject(not("not that of a node"));
    await world.write(await newCa("other", world.clock.now()));
    expect(await renew(cloud, certificate)).toMatchObject(not("another authority signed it"));
    await world.write(world.ca);
    world.clock.setWall(Date.UTC(2025, 11, 1));
    expect(await renew(cloud, certificate)).toMatchObject(not("not valid before"));
  });

  it("goes on while the authority is replaced: nodes learn the new one with their next certificate", async () => {
    const { world, cloud, certificate } = await joined();
    const next = await newCa("next-ca", world.clock.now());
    await world.write({ certificate: `${next.certificate}${world.ca.certificate}`, key: next.key });
    const { body } = await renew(cloud, certificate);
    expect(body["ca"]).toBe(`${next.certificate}${world.ca.certificate}`);
    expect(
      new X509Certificate(String(body["certificate"])).verify(new X509Certificate(next.certificate).publicKey),
    ).toBe(true);
    expect((await renew(cloud, String(body["certificate"]))).status).toBe(200);
  });

  it("keeps no more than four certificates of a node that does not use what it gets", async () => {
    const { cloud, certificate } = await joined();
    const given: unknown[] = [];
    for (let time = 0; time < 3; time += 1) given.push((await renew(cloud, certificate)).body["certificate"]);
    expect(await cloud.refusal({ identity, serial: serialOf(certificate) })).toBeUndefined();
    given.push((await renew(cloud, String(given[2]))).body["certificate"]);
    expect(await cloud.refusal({ identity, serial: serialOf(certificate) })).toMatch(/replaced/);
    expect(await cloud.refusal({ identity, serial: serialOf(given[3]) })).toBeUndefined();
  });
});

describe("the guard of identities", () => {
  it("lets in what it knows nothing of, and who is no node", async () => {
    const world = await EnrolmentWorld.create();
    const cloud = await world.cloud();
    expect(await cloud.refusal({ identity: "system:node:by-hand", serial: "AB" })).toBeUndefined();
    expect(await cloud.refusal({ identity: "somebody", serial: "AB" })).toBeUndefined();
  });

  it("keeps out a revoked node in every cloud kernel, also one that never had a token", async () => {
    const { world, cloud, certificate } = await joined();
    const other = await world.cloud();
    const changed: string[] = [];
    other.watch((name) => changed.push(name));
    await cloud.skerry("node", "revoke", "pi-7");
    await world.clock.advance(1);
    expect(changed).toContain(identity);
    for (const kernel of [cloud, other]) {
      expect(await kernel.refusal({ identity, serial: serialOf(certificate) })).toMatch(/were revoked on 2026-01-01/);
    }
  });

  it("asks the API anew before it keeps out a certificate that another kernel may just have made", async () => {
    const { world, cloud, certificate } = await joined();
    const behind = new DelayedWatches(world.kube);
    const other = await world.cloud(behind.api);
    await world.clock.advance(1);
    behind.hold();
    const { body } = await renew(cloud, certificate);
    expect(await other.refusal({ identity, serial: serialOf(body["certificate"]) })).toBeUndefined();
  });
});
