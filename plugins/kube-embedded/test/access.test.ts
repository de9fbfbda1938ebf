import { FakeClock } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { Authenticator } from "../src/auth/authenticator.ts";
import type { Peer } from "../src/auth/peer.ts";
import { TokenFile } from "../src/auth/token-file.ts";
import { anonymous, authenticated } from "../src/auth/user.ts";
import { configMaps, startTestCluster } from "./test-cluster.ts";

const reader = authenticated("reader", ["people"], "7");

describe("authorisation", () => {
  it.each([
    ["/healthz", 200, 200],
    ["/livez", 200, 200],
    ["/readyz", 200, 200],
    ["/version", 200, 200],
    ["/api", 403, 200],
    ["/apis", 403, 200],
    ["/api/v1", 403, 200],
    ["/openapi/v2", 403, 200],
    ["/openapi/v3", 403, 200],
    ["/", 403, 403],
    ["/api/v1/nodes", 403, 403],
    [configMaps, 403, 403],
  ])("of %s: anonymous %i, authenticated %i", async (path, nobody, somebody) => {
    const { request } = await startTestCluster();
    expect((await request("GET", path, { user: anonymous })).status).toBe(nobody);
    expect((await request("GET", path, { user: reader })).status).toBe(somebody);
  });

  it("refuses in the words of Kubernetes, whether or not a thing exists", async () => {
    const { request } = await startTestCluster();
    const message = async (method: string, path: string, user = reader) =>
      (await request(method, path, { user, body: {} })).body.message;
    expect(await message("GET", configMaps)).toBe(
      'configmaps is forbidden: User "reader" cannot list resource "configmaps" in API group "" in the namespace "default"',
    );
    expect(await message("DELETE", "/apis/coordination.k8s.io/v1/namespaces/a/leases/b")).toBe(
      'leases.coordination.k8s.io "b" is forbidden: User "reader" cannot delete resource "leases" in API group "coordination.k8s.io" in the namespace "a"',
    );
    expect(await message("PATCH", "/api/v1/nodes/n/status", anonymous)).toBe(
      'nodes "n" is forbidden: User "system:anonymous" cannot patch resource "nodes/status" in API group "" at the cluster scope',
    );
    expect(await message("GET", "/apis/nowhere.example/v1/things")).toContain("is forbidden");
    expect(await message("GET", "/metrics")).toBe('forbidden: User "reader" cannot get path "/metrics"');
  });

  it("answers questions about oneself", async () => {
    const { request } = await startTestCluster();
    const canI = async (user: typeof reader | undefined) => {
      const body = { spec: { resourceAttributes: { verb: "list", resource: "nodes" } } };
      const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
      const { status, body: answer } = await request("POST", path, { body, ...(user && { user }) });
      return [status, answer.status?.allowed];
    };
    expect(await canI(undefined)).toEqual([201, true]);
    expect(await canI(reader)).toEqual([201, false]);
    expect((await canI(anonymous))[0]).toBe(403);
    const whoAmI = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    expect((await request("POST", whoAmI, { user: reader, body: {} })).body.status.userInfo).toEqual({
      username: "reader",
      uid: "7",
      groups: ["people", "system:authenticated"],
    });
  });
});

describe("authentication", () => {
  const tokens = TokenFile.parse('# people\nsecret,ann,1,"system:masters,staff"\nother,bob,2\n', "tokens.csv");
  const none: Peer = { type: "none" };
  const certificate = (commonNames: string[], organizations: string[] = []): Peer => ({
    type: "certificate",
    subject: { commonNames, organizations },
    expiresAt: new FakeClock().now() + 1000,
  });
  const as = (peer: Peer, authorization?: string, user?: string, clock = new FakeClock()) =>
    new Authenticator(tokens, clock).authenticate({
      peer,
      authorization,
      impersonate: user === undefined ? undefined : { user, groups: ["guests"] },
    });
  const refused = (code: number) => expect.objectContaining({ code });

  it("reads certificates: the CN is the user, each O a group", () => {
    expect(as(certificate(["edge"], ["system:nodes", "x"]))).toEqual({
      name: "edge",
      groups: ["system:nodes", "x", "system:authenticated"],
    });
  });

  it.each([
    ["with no name", certificate([])],
    ["with two names", certificate(["a", "b"])],
    ["that does not verify", { type: "rejected", why: "unknown CA" } as const],
  ])("refuses a certificate %s, whatever token comes along", (_, peer) => {
    expect(() => as(peer, "Bearer secret")).toThrow(refused(401));
  });

  it("refuses a certificate that expired while its connection was open", async () => {
    const clock = new FakeClock();
    await clock.advance(1001);
    expect(() => as(certificate(["edge"]), undefined, undefined, clock)).toThrow(refused(401));
  });

  it("reads bearer tokens, and refuses those it does not know", () => {
    expect(as(none, "Bearer secret")).toEqual({
      name: "ann",
      uid: "1",
      groups: ["system:masters", "staff", "system:authenticated"],
    });
    for (const header of ["Bearer wrong", "Bearer", "Basic c2VjcmV0", "secret", ""]) {
      expect(() => as(none, header)).toThrow(refused(401));
    }
    expect(as(none)).toBe(anonymous);
  });

  it("lets masters act as somebody else, and nobody else", () => {
    expect(as(none, "Bearer secret", "eve")).toEqual({ name: "eve", groups: ["guests", "system:authenticated"] });
    expect(() => as(none, "Bearer other", "eve")).toThrow(refused(403));
    expect(() => as(none, undefined, "eve")).toThrow(refused(403));
  });

  it.each([
    ["too few fields", "token,user"],
    ["too many", "a,b,c,d,e"],
    ["no token", ",user,1"],
    ["an open quotation mark", 'token,user,1,"x'],
    ["a token twice", "a,b,1\na,c,2"],
  ])("refuses a tokens file with %s, naming the line", (_, text) => {
    expect(() => TokenFile.parse(text, "f")).toThrow(
      expect.objectContaining({ code: "SKERRY_KUBE_EMBEDDED_TOKENS", family: "settings" }),
    );
  });
});
