import "reflect-metadata";
import { X509Certificate } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { describe, expect, it } from "vitest";
import { nodes } from "../src/cloud/kinds.ts";
import { certificateRequest } from "../src/shared/certificate-request.ts";
import { EnrolmentWorld, newCa, newKey } from "./enrolment-world.ts";

/** The cloud's refusal, as the joining machine tells it. */
const refused = (code: string, words = "") => ({
  code: "SKERRY_ENROLMENT_REFUSED",
  message: expect.stringMatching(new RegExp(`${words}.*\\(${code}\\)$`)),
});

describe("joining", () => {
  it("makes a node of who has a token: its certificate names it, and is for that alone", async () => {
    const world = await EnrolmentWorld.create();
    const cloud = await world.cloud();
    const key = newKey();
    const { node, certificate, ca, validUntil, authority } = await cloud.join(await cloud.token(), {
      name: "pi-7",
      key,
    });
    const read = new X509Certificate(certificate);
    expect(read.subject).toBe("O=system:nodes\nCN=system:node:pi-7");
    expect([read.ca, read.keyUsage, read.subjectAltName]).toEqual([false, ["1.3.6.1.5.5.7.3.2"], undefined]);
    expect(read.verify(new X509Certificate(world.ca.certificate).publicKey)).toBe(true);
    expect([node, ca, validUntil]).toEqual(["pi-7", world.ca.certificate, "2026-01-08T00:00:00.000Z"]);
    expect(authority).toMatch(/^[0-9a-f]{64}$/);
    expect((await cloud.skerry("node", "list")).out).toMatch(/pi-7 +valid +2026-01-08T00:00:00.000Z/);
  });

  it("takes nothing from the request but its key", async () => {
    const world = await EnrolmentWorld.create();
    const cloud = await world.cloud();
    const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
    const request = await x509.Pkcs10CertificateRequestGenerator.create({
      name: "O=system:masters, CN=admin",
      keys: keys as never,
      signingAlgorithm: { name: "ECDSA", hash: "SHA-256" },
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.SubjectAlternativeNameExtension([{ type: "dns", value: "cloud.example.org" }]),
      ],
    });
    const [, id, secret] = (await cloud.token("--node", "pi-7")).split(".");
    const body = { csr: request.toString("pem"), hostname: "x" };
    const { certificate } = (await cloud.ask({ path: "/join", bearer: `${id}.${secret}`, body })).body;
    const read = new X509Certificate(String(certificate));
    expect([read.subject, read.ca, read.subjectAltName]).toEqual([
      "O=system:nodes\nCN=system:node:pi-7",
      false,
      undefined,
    ]);
  });

  it("takes the name of the token, else the one asked for, else the host's", async () => {
    const world = await EnrolmentWorld.create();
    const cloud = await world.cloud();
    const named = (await cloud.join(await cloud.token("--node", "of-token"))).node;
    const asked = (await cloud.join(await cloud.token(), { name: "asked" })).node;
    const host = (await cloud.join(await cloud.token(), { hostname: "gateway.local" })).node;
    expect([named, asked, host]).toEqual(["of-token", "asked", "gateway.local"]);
  });

  it("is refused for a token that was used, has expired, was revoked, or is for another node", async () => {
    const world = await EnrolmentWorld.create();
    const cloud = await world.cloud();
    const once = await cloud.token();
    await cloud.join(once, { name: "first" });
    await expect(cloud.join(once, { name: "second" })).rejects.toMatchObject(
      refused("SKERRY_ENROLMENT_TOKEN_USED", "used up, by first"),
    );
    const short = await cloud.token("--ttl", "1h");
    const revoked = await cloud.token();
    await cloud.skerry("token", "revoke", revoked.split(".")[1] ?? "");
    await expect(cloud.join(revoked)).rejects.toMatchObject(refused("SKERRY_ENROLMENT_UNKNOWN_TOKEN"));
    const other = await cloud.token("--node", "pi-7");
    await expect(cloud.join(other, { name: "pi-8" })).rejects.toMatchObject(
      refused("SKERRY_ENROLMENT_OTHER_NODE", "for the node pi-7, not for pi-8"),
    );
    await world.clock.advance(3_600_000);
    await expect(cloud.join(short)).rejects.toMatchObject(
      refused("SKERRY_ENROLMENT_TOKEN_EXPIRED", "2026-01-01T01:00"),
    );
  });

  it("is refused for a wrong secret as for a token that does not exist", async () => {
    const world = await EnrolmentWorld.create();
    const cloud = await world.cloud();
    const token = await cloud.token();
    const [, id = "", secret = ""] = token.split(".");
    const wrong = token.replace(secret, "A".repeat(43));
    const missing = token.replace(id, "00000000");
    for (const text of [wrong, missing]) {
      await expect(cloud.join(text)).rejects.toMatchObject(refused("SKERRY_ENROLMENT_UNKNOWN_TOKEN", "no token"));
    }
    expect((await cloud.join(token)).node).toBe("host");
  });

  it("of two machines at once, with a token for one, lets in one", async () => {
    const world = await EnrolmentWorld.create();
    const [one, two] = [await world.cloud(), await world.cloud()];
    const token = await one.token();
    const outcomes = await Promise.allSettled([one.join(token, { name: "a" }), two.join(token, { name: "b" })]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(outcomes.find((outcome) => outcome.status === "rejected")?.reason).toMatchObject(
      refused("SKERRY_ENROLMENT_TOKEN_USED"),
    );
  });

  it("of two machines at once, with the same name, lets in one", async () => {
    const world = await EnrolmentWorld.create();
    const [one, two] = [await world.cloud(), await world.cloud()];
    const token = await one.token("--uses", "2");
    const outcomes = await Promise.allSettled([one.join(token), two.join(token)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(outcomes.find((outcome) => outcome.status === "rejected")?.reason).toMatchObject(
      refused("SKERRY_ENROLMENT_NAME_TAKEN"),
    );
  });

  it("may be asked for again by the machine whose answer was lost", async () => {
    const world = await EnrolmentWorld.create();
    const cloud = await world.cloud();
    const token = await cloud.token();
    const key = newKey();
    await cloud.join(token, { key });
    const again = await cloud.join(token, { key });
    const identity = "system:node:host";
    expect(
      await cloud.refusal({ identity, serial: new X509Certificate(again.certificate).serialNumber }),
    ).toBeUndefined();
  });

  it("does not take the name of a node that is there, unless the token is for it: then that one is out", async () => {
    const world = await EnrolmentWorld.create();
    const cloud = await world.cloud();
    world.kube.seed({ apiVersion: "v1", kind: "Node", metadata: { name: "by-hand" } }, nodes);
    const taken = refused("SKERRY_ENROLMENT_NAME_TAKEN", "there is a node");
    await expect(cloud.join(await cloud.token(), { name: "by-hand" })).rejects.toMatchObject(taken);
    const first = await cloud.join(await cloud.token(), { name: "pi-7" });
    const token = await cloud.token();
    await expect(cloud.join(token, { name: "pi-7" })).rejects.toMatchObject(taken);
    expect((await cloud.skerry("token", "list", "-o", "json")).out).toContain('"state": "usable"');
    await cloud.join(await cloud.token("--node", "pi-7"));
    const serial = new X509Certificate(first.certificate).serialNumber;
    expect(await cloud.refusal({ identity: "system:node:pi-7", serial })).toMatch(/replaced by others/);
  });

  it.each(["Pi 7", "-pi", "a".repeat(64), "../etc", ""])("refuses the name %j", async (name) => {
    const world = await EnrolmentWorld.create();
    const cloud = await world.cloud();
    await expect(cloud.join(await cloud.token(), { name })).rejects.toMatchObject(refused("SKERRY_ENROLMENT_BAD_NAME"));
  });

  it.each([
    ["no request", { hostname: "x" }, "needs csr and hostname"],
    ["garbage", { csr: "garbage", hostname: "x" }, "cannot be read"],
    ["a key of another curve", { csr: "P-384", hostname: "x" }, "another kind of key"],
    ["a request that another key signed", { csr: "forged", hostname: "x" }, "not signed with its own key"],
    ["a name that is no text", { csr: "garbage", hostname: "x", name: 1 }, "as text"],
  ])("refuses %s, and the token stays good", async (_, body, problem) => {
    const world = await EnrolmentWorld.create();
    const cloud = await world.cloud();
    const token = await cloud.token();
    const [, id, secret] = token.split(".");
    const { csr } = body as { csr?: string };
    const made = csr === "P-384" ? await otherCurve() : csr === "forged" ? forged() : csr;
    const answer = await cloud.ask({
      path: "/join",
      bearer: `${id}.${secret}`,
      body: { ...body, ...(made === undefined ? {} : { csr: made }) },
    });
    expect(answer).toMatchObject({ status: 400, body: { code: "SKERRY_ENROLMENT_BAD_REQUEST" } });
    expect(answer.body["message"]).toContain(problem);
    expect((await cloud.join(token)).node).toBe("host");
  });

  it("needs an authority, and wastes no token without one", async () => {
    const world = await EnrolmentWorld.create();
    const cloud = await world.cloud();
    const token = await cloud.token();
    await world.write({ ...world.ca, key: (await newCa("other", world.clock.now())).key });
    await expect(cloud.join(token)).rejects.toMatchObject(
      refused("SKERRY_ENROLMENT_NO_AUTHORITY", "not that of the first certificate"),
    );
    await world.write(world.ca);
    expect((await cloud.join(token)).node).toBe("host");
  });

  it("gives up when others write the same token again and again, and says so", async () => {
    const world = await EnrolmentWorld.create();
    const cloud = await world.cloud();
    const token = await cloud.token();
    world.kube.fail({ code: "SKERRY_KUBE_CONFLICT", verb: "patch", kind: "Secret", times: 8 });
    await expect(cloud.join(token)).rejects.toMatchObject(refused("SKERRY_ENROLMENT_BUSY"));
    expect((await cloud.join(token)).node).toBe("host");
  });

  it("trusts no certificate of another authority than the token's", async () => {
    const world = await EnrolmentWorld.create();
    const cloud = await world.cloud();
    const token = await cloud.token();
    await world.write(await newCa("other", world.clock.now()));
    await expect(cloud.join(token)).rejects.toMatchObject({ code: "SKERRY_ENROLMENT_BAD_ANSWER" });
  });

  it("leaves neither key nor secret in a log or in the cluster", async () => {
    const world = await EnrolmentWorld.create();
    const cloud = await world.cloud();
    const token = await cloud.token();
    const key = newKey();
    await cloud.join(token, { key });
    const secret = token.split(".")[2] ?? "";
    const body = key.split("\n")[1] ?? "";
    const everything = world.logged.join("\n") + JSON.stringify(world.kube.requests);
    expect(everything).toContain("a machine joined");
    for (const hidden of [secret, Buffer.from(secret).toString("base64"), body])
      expect(everything).not.toContain(hidden);
  });
});

/** A request whose signature is that of another one. */
function forged(): string {
  const [one, two] = [newKey(), newKey()].map((key) =>
    Buffer.from(certificateRequest("x", key).split("\n").slice(1, -2).join(""), "base64"),
  ) as [Buffer, Buffer];
  const at = one.indexOf(Buffer.from("2a8648ce3d040302", "hex"));
  const mixed = Buffer.concat([one.subarray(0, at), two.subarray(two.indexOf(Buffer.from("2a8648ce3d040302", "hex")))]);
  mixed[2] = mixed.length - 3;
  return `-----BEGIN CERTIFICATE REQUEST-----\n${mixed.toString("base64")}\n-----END CERTIFICATE REQUEST-----`;
}

async function otherCurve(): Promise<string> {
  const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-384" }, true, ["sign", "verify"]);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: "CN=x",
    keys: keys as never,
    signingAlgorithm: { name: "ECDSA", hash: "SHA-384" },
  });
  return request.toString("pem");
}
