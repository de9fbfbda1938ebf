import { describe, expect, it } from "vitest";
import { signToken } from "../src/tokens/json-web-token.ts";
import { newSigningKey, signingKeyOf } from "../src/tokens/signing-key.ts";
import { issuer } from "../src/tokens/token-claims.ts";
import { startTestCluster } from "./test-cluster.ts";

const core = "/api/v1/namespaces/default";
const account = `${core}/serviceaccounts/robot`;
const hour = 3_600_000;

const pod = (name = "arm", more: object = {}) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name },
  spec: { serviceAccountName: "robot", nodeName: "edge-1", containers: [{ name: "main", image: "i" }], ...more },
});
const objectOf = (kind: string, name: string) => ({ apiVersion: "v1", kind, metadata: { name } });

async function start() {
  const cluster = await startTestCluster();
  const { request } = cluster;
  const made = async (path: string, body: object) => {
    const { status, body: object } = await request("POST", path, { body });
    expect(status).toBe(201);
    return object;
  };
  const robot = await made(`${core}/serviceaccounts`, objectOf("ServiceAccount", "robot"));
  const node = await made("/api/v1/nodes", objectOf("Node", "edge-1"));
  const ask = (spec: object = {}, path = account) => request("POST", `${path}/token`, { body: { spec } });
  const claims = (token: string) => JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
  return { ...cluster, made, robot, node, ask, claims };
}

const boundTo = (kind: string, name: string, uid?: string) => ({
  boundObjectRef: { apiVersion: "v1", kind, name, ...(uid !== undefined && { uid }) },
});

describe("a TokenRequest", () => {
  it("is answered with a token for an hour and this API, unless it says otherwise", async () => {
    const { ask, claims, robot, clock } = await start();
    const { status, body } = await ask();
    expect([status, body.kind, body.apiVersion]).toEqual([201, "TokenRequest", "authentication.k8s.io/v1"]);
    expect(body.spec).toEqual({ audiences: [issuer], expirationSeconds: 3600 });
    expect(body.status.expirationTimestamp).toBe("2026-01-01T01:00:00Z");
    const now = clock.now() / 1000;
    expect(claims(body.status.token)).toEqual({
      aud: [issuer],
      exp: now + 3600,
      iat: now,
      iss: issuer,
      jti: expect.stringMatching(/^[-0-9a-f]{36}$/),
      "kubernetes.io": { namespace: "default", serviceaccount: { name: "robot", uid: robot.metadata.uid } },
      nbf: now,
      sub: "system:serviceaccount:default:robot",
    });
  });

  it("for a Pod names the Pod and its node; that which admission asks for holds a year and warns in an hour", async () => {
    const { ask, claims, made, node, clock } = await start();
    const { metadata } = await made(`${core}/pods`, pod());
    const { body } = await ask({ expirationSeconds: 3607, ...boundTo("Pod", "arm", metadata.uid) });
    const { exp, "kubernetes.io": bound } = claims(body.status.token);
    expect(bound.pod).toEqual({ name: "arm", uid: metadata.uid });
    expect(bound.node).toEqual({ name: "edge-1", uid: node.metadata.uid });
    expect([exp - clock.now() / 1000, bound.warnafter - clock.now() / 1000]).toEqual([365 * 86_400, 3607]);
    expect(body.status.expirationTimestamp).toBe("2026-01-01T01:00:07Z");
  });

  it.each<[string, object, number, string]>([
    ["too short a life", { expirationSeconds: 599 }, 422, "may not specify a duration less than 10 minutes"],
    ["too long a life", { expirationSeconds: 2 ** 32 + 1 }, 422, "larger than 2^32 seconds"],
    ["half a second", { expirationSeconds: 700.5 }, 422, "must be a whole number"],
    ["an audience that is none", { audiences: [""] }, 422, "must be a list of names"],
    ["a Pod that is not there", boundTo("Pod", "leg"), 404, 'pods "leg" not found'],
    ["a Pod of another uid", boundTo("Pod", "arm", "other"), 409, "does not match the UID in record"],
    ["a Pod of another account", boundTo("Pod", "head"), 400, "running with different serviceaccount name"],
    ["a ConfigMap", boundTo("ConfigMap", "c"), 400, "cannot bind token to object of type v1, Kind=ConfigMap"],
  ])("with %s is refused", async (_, spec, code, message) => {
    const { ask, made } = await start();
    await made(`${core}/serviceaccounts`, objectOf("ServiceAccount", "other"));
    await made(`${core}/pods`, pod());
    await made(`${core}/pods`, pod("head", { serviceAccountName: "other" }));
    const { status, body } = await ask(spec);
    expect([status, body.message]).toEqual([code, expect.stringContaining(message)]);
  });

  it("is for those who may, of an account that is there, in the form of a TokenRequest", async () => {
    const { ask, request, tokens } = await start();
    expect((await ask({}, `${core}/serviceaccounts/nobody`)).status).toBe(404);
    expect((await request("GET", `${account}/token`)).status).toBe(405);
    expect((await request("POST", `${account}/token`, { body: { kind: "Scale" } })).status).toBe(400);
    const { body } = await ask();
    const user = tokens.userOf(body.status.token);
    expect((await request("POST", `${account}/token`, { body: {}, ...(user && { user }) })).status).toBe(403);
  });
});

describe("a token", () => {
  it("makes its bearer the ServiceAccount, with the groups and extra fields of Kubernetes", async () => {
    const { ask, made, tokens, claims, robot, node, request } = await start();
    const { metadata } = await made(`${core}/pods`, pod());
    const { token } = (await ask(boundTo("Pod", "arm"))).body.status;
    const user = tokens.userOf(token);
    const prefix = "authentication.kubernetes.io";
    expect(user).toEqual({
      name: "system:serviceaccount:default:robot",
      uid: robot.metadata.uid,
      groups: ["system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated"],
      extra: {
        [`${prefix}/credential-id`]: [`JTI=${claims(token).jti}`],
        [`${prefix}/node-name`]: ["edge-1"],
        [`${prefix}/node-uid`]: [node.metadata.uid],
        [`${prefix}/pod-name`]: ["arm"],
        [`${prefix}/pod-uid`]: [metadata.uid],
      },
    });
    const asked = await request("POST", "/apis/authentication.k8s.io/v1/tokenreviews", { body: { spec: { token } } });
    expect(asked.body.status).toEqual({
      authenticated: true,
      audiences: [issuer],
      user: { username: user?.name, uid: user?.uid, groups: user?.groups, extra: user?.extra },
    });
  });

  it("reads and writes no object: discovery, questions about oneself, and how to check tokens are all", async () => {
    const { ask, tokens, request } = await start();
    const user = tokens.userOf((await ask()).body.status.token);
    if (user === undefined) throw new Error("the token is not known");
    const status = async (method: string, path: string) =>
      (await request(method, path, { user, ...(method === "GET" ? {} : { body: {} }) })).status;
    for (const path of ["/api", "/apis", "/version", "/openid/v1/jwks", "/.well-known/openid-configuration"]) {
      expect(await status("GET", path)).toBe(200);
    }
    expect(await status("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews")).toBe(201);
    expect(await status("POST", "/apis/authentication.k8s.io/v1/tokenreviews")).toBe(403);
    for (const path of ["pods", "secrets", "serviceaccounts/robot", "configmaps/c"]) {
      expect(await status("GET", `${core}/${path}`)).toBe(403);
      expect(await status("PUT", `${core}/${path}`)).toBe(403);
      expect(await status("DELETE", `${core}/${path}`)).toBe(403);
    }
  });

  it("ends when its time is over", async () => {
    const { ask, tokens, clock } = await start();
    const { token } = (await ask()).body.status;
    await clock.advance(hour - 1);
    expect(tokens.userOf(token)).toBeDefined();
    await clock.advance(1);
    expect(tokens.userOf(token)).toBeUndefined();
  });

  it("for others is for them alone", async () => {
    const { ask, tokens } = await start();
    const { token } = (await ask({ audiences: ["vault"] })).body.status;
    expect(tokens.userOf(token)).toBeUndefined();
    expect(tokens.verify(token, ["vault", "other"])?.audiences).toEqual(["vault"]);
  });

  it.each([
    ["Pod", `${core}/pods`, pod("bound", { nodeName: undefined })],
    ["Secret", `${core}/secrets`, objectOf("Secret", "bound")],
    ["Node", "/api/v1/nodes", objectOf("Node", "bound")],
  ])("bound to a %s goes with it, and does not come again with another of its name", async (kind, path, body) => {
    const { ask, made, request, tokens } = await start();
    await made(path, body);
    const { token } = (await ask(boundTo(kind, "bound"))).body.status;
    expect(tokens.userOf(token)).toBeDefined();
    expect((await request("DELETE", `${path}/bound`)).status).toBe(200);
    expect(tokens.userOf(token)).toBeUndefined();
    await made(path, body);
    expect(tokens.userOf(token)).toBeUndefined();
  });

  it("goes with its ServiceAccount, and does not come again with another of its name", async () => {
    const { ask, made, request, tokens } = await start();
    const { token } = (await ask()).body.status;
    await request("DELETE", account);
    expect(tokens.userOf(token)).toBeUndefined();
    await made(`${core}/serviceaccounts`, objectOf("ServiceAccount", "robot"));
    expect(tokens.userOf(token)).toBeUndefined();
  });

  it("that anybody else made, or changed, is none", async () => {
    const { ask, tokens, claims } = await start();
    const { token } = (await ask()).body.status;
    const [head = "", , mark = ""] = token.split(".");
    const longer = Buffer.from(JSON.stringify({ ...claims(token), exp: 9e9 })).toString("base64url");
    const unsigned = Buffer.from('{"alg":"none"}').toString("base64url");
    const other = signToken(claims(token), signingKeyOf(newSigningKey()));
    const bad = [`${head}.${longer}.${mark}`, `${unsigned}.${longer}.`, `${unsigned}.${longer}.${mark}`, other];
    for (const text of [...bad, `${token}.x`, `${token}x`, "", "..", "a.b.c", "x".repeat(1e6)]) {
      expect(tokens.userOf(text)).toBeUndefined();
    }
  });
});

it("others find the key that checks tokens", async () => {
  const { request, ask } = await start();
  const { body: found } = await request("GET", "/.well-known/openid-configuration");
  expect(found).toMatchObject({ issuer, jwks_uri: "https://127.0.0.1:6443/openid/v1/jwks" });
  const [key] = (await request("GET", "/openid/v1/jwks")).body.keys;
  const [head = "", claims, mark = ""] = (await ask()).body.status.token.split(".");
  expect(key.kid).toBe(JSON.parse(Buffer.from(head, "base64url").toString()).kid);
  const crypto = globalThis.crypto.subtle;
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const imported = await crypto.importKey("jwk", key, algorithm, false, ["verify"]);
  const signed = Buffer.from(`${head}.${claims}`);
  expect(await crypto.verify(algorithm, imported, Buffer.from(mark, "base64url"), signed)).toBe(true);
});
