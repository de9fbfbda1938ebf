import "reflect-metadata";
import { createPublicKey, X509Certificate } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { describe, expect, it } from "vitest";
import { certificateRequest } from "../src/shared/certificate-request.ts";
import { parseToken, tokenText } from "../src/shared/join-token.ts";
import { isNodeName, readNodeCertificate } from "../src/shared/node-certificate.ts";
import { EnrolmentWorld, newCa, newKey } from "./enrolment-world.ts";

describe("the text of a token", () => {
  it("says id, secret and authority", async () => {
    const { certificate } = await newCa("skerry-ca", 0);
    const authority = new X509Certificate(certificate).raw;
    const token = { id: "0a1b2c3d", secret: "s".repeat(43), authority };
    const text = tokenText(token);
    expect(text).toMatch(/^skerry\.0a1b2c3d\.s{43}\.[\w-]+$/);
    expect(parseToken(` ${text}\n`)).toEqual({ ...token, authority: Buffer.from(authority) });
  });

  it.each([
    ["", "not of the form"],
    ["k3s.0a1b2c3d.x.y", "not of the form"],
    [`skerry.0a1b2c3d.${"s".repeat(43)}.AAAA.more`, "not of the form"],
    ["skerry.UPPER678.x.y", "no id"],
    ["skerry.0a1b2c3d.short.y", "no secret"],
    [`skerry.0a1b2c3d.${"s".repeat(43)}.AAAA`, "cut off"],
    [`skerry.${"x".repeat(20_000)}`, "longer than"],
  ])("is not %s", (text, problem) => {
    const bad = expect.objectContaining({
      code: "SKERRY_ENROLMENT_BAD_TOKEN",
      details: { problem: expect.stringContaining(problem) },
    });
    expect(() => parseToken(text)).toThrow(bad);
  });
});

describe("a request for a certificate", () => {
  it.each(["system:node:a", `system:node:${"a".repeat(52)}`])("is one for others, with the name %s", async (name) => {
    const key = newKey();
    const request = new x509.Pkcs10CertificateRequest(certificateRequest(name, key));
    expect(request.subject).toBe(`CN=${name}`);
    expect(await request.verify()).toBe(true);
    const der = createPublicKey(key).export({ type: "spki", format: "der" });
    expect(Buffer.from(request.publicKey.rawData).equals(der)).toBe(true);
  });
});

describe("a certificate of a node", () => {
  it("is no other certificate, and nothing that is none", async () => {
    const world = await EnrolmentWorld.create();
    expect(readNodeCertificate(world.ca.certificate)).toBeUndefined();
    expect(readNodeCertificate("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")).toBeUndefined();
    const cloud = await world.cloud();
    const { certificate } = await cloud.join(await cloud.token());
    expect(readNodeCertificate(certificate)).toMatchObject({ node: "host", validUntil: Date.UTC(2026, 0, 8) });
  });

  it.each([
    ["pi-7", true],
    ["gateway.site-1.example", true],
    ["a".repeat(63), true],
    ["a..b", false],
    ["a.", false],
    ["Ä", false],
  ])("may name %s: %s", (name, may) => {
    expect(isNodeName(name)).toBe(may);
  });
});
