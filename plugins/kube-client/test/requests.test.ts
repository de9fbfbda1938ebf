import { json } from "node:stream/consumers";
import type { KubeObject, Resource } from "@skerry/contracts";
import { FakeClock, FakeKubeEndpoint, RecordingLogger, SeededRandom } from "@skerry/testing";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { TestAuthority } from "../../kube-embedded/test/certificates.ts";
import { KubeClient, KubeHttp } from "../src/index.ts";
import { answer, type Script, startScriptedApi } from "./scripted-api.ts";
import { startTestClient } from "./test-client.ts";

const configMaps: Resource = { group: "", version: "v1", kind: "ConfigMap", plural: "configmaps", namespaced: true };
const gauges: Resource = { group: "example.com", version: "v1", kind: "Gauge", plural: "gauges", namespaced: false };
const configMap: KubeObject = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } };

function clientOf(endpoint: FakeKubeEndpoint, clock = new FakeClock()) {
  const http = new KubeHttp(endpoint, clock);
  onTestFinished(() => http.stop());
  return new KubeClient(http, clock, new SeededRandom(), new RecordingLogger());
}

async function scripted(script: Script) {
  const clock = new FakeClock();
  const api = await startScriptedApi(script);
  return { ...api, clock, client: clientOf(api.endpoint, clock) };
}

describe("requests", () => {
  it("name their object in the path, and whoever writes in the query", async () => {
    const { client, requests } = await scripted((_, response) => answer(response, 200, configMap));
    await client.get(gauges, { name: "a b" });
    await client.patch(configMaps, { name: "a", namespace: "n" }, {}, { fieldManager: "me", subresource: "status" });
    await client.create(configMap, configMaps);
    await client.list(configMaps, { namespace: "n", labelSelector: "a in (b)" });
    await client.list(configMaps);
    expect(requests).toEqual([
      "GET /apis/example.com/v1/gauges/a%20b",
      "PATCH /api/v1/namespaces/n/configmaps/a/status?fieldManager=me",
      "POST /api/v1/namespaces/default/configmaps?fieldManager=skerry",
      "GET /api/v1/namespaces/n/configmaps?labelSelector=a+in+%28b%29&limit=500",
      "GET /api/v1/configmaps?limit=500",
    ]);
  });

  it("say which object to delete, and how long it may take", async () => {
    const bodies: unknown[] = [];
    const { client } = await scripted(async (request, response) => {
      bodies.push(await json(request));
      answer(response, 200, configMap);
    });
    await client.delete(configMaps, { name: "a" });
    await client.delete(configMaps, { name: "a" }, { uid: "u", gracePeriodSeconds: 0 });
    const options = { apiVersion: "v1", kind: "DeleteOptions" };
    expect(bodies).toEqual([options, { ...options, gracePeriodSeconds: 0, preconditions: { uid: "u" } }]);
  });

  it("carry the credentials of the moment", async () => {
    const seen: (string | undefined)[] = [];
    const { client, endpoint } = await scripted((request, response) => {
      seen.push(request.headers.authorization);
      answer(response, 200, configMap);
    });
    await client.get(configMaps, { name: "a" });
    endpoint.replace({ ...endpoint.connection(), credentials: { type: "token", token: "renewed" } });
    await client.get(configMaps, { name: "a" });
    expect(seen).toEqual(["Bearer secret", "Bearer renewed"]);
  });

  it.each<[number, string, string]>([
    [400, "SKERRY_KUBE_INVALID", "invalid"],
    [401, "SKERRY_KUBE_FORBIDDEN", "denied"],
    [403, "SKERRY_KUBE_FORBIDDEN", "denied"],
    [404, "SKERRY_KUBE_NOT_FOUND", "conflict"],
    [409, "SKERRY_KUBE_CONFLICT", "conflict"],
    [415, "SKERRY_KUBE_INVALID", "invalid"],
    [422, "SKERRY_KUBE_INVALID", "invalid"],
    [429, "SKERRY_KUBE_UNAVAILABLE", "unavailable"],
    [503, "SKERRY_KUBE_UNAVAILABLE", "unavailable"],
  ])("answered with %i fail with %s", async (status, code, family) => {
    const { client } = await scripted((_, response) =>
      answer(response, status, { kind: "Status", message: "because" }),
    );
    const message = `patch ConfigMap default/a: because (${status})`;
    await expect(client.patch(configMaps, { name: "a" }, {}, { fieldManager: "me" })).rejects.toMatchObject({
      code,
      family,
      message,
    });
  });

  it("survive what is no answer of Kubernetes", async () => {
    const unavailable = { code: "SKERRY_KUBE_UNAVAILABLE" };
    const { client } = await scripted((_, response, { pathname }) => {
      if (pathname.endsWith("/page")) answer(response, 502, "<html>Bad gateway</html>");
      else if (pathname.endsWith("/text")) answer(response, 200, "hello");
      else response.destroy();
    });
    const get = (name: string) => client.get(configMaps, { name });
    await expect(get("page")).rejects.toMatchObject({
      ...unavailable,
      message: expect.stringContaining("Bad gateway"),
    });
    await expect(get("text")).rejects.toMatchObject({ ...unavailable, message: expect.stringContaining("not JSON") });
    await expect(get("cut")).rejects.toMatchObject(unavailable);
  });

  it("do not wait for ever", async () => {
    let arrived = false;
    const { client, clock } = await scripted(() => {
      arrived = true;
    });
    const getting = client.get(configMaps, { name: "a" });
    getting.catch(() => undefined);
    await vi.waitFor(() => expect(arrived).toBe(true));
    await clock.advance(30_000);
    await expect(getting).rejects.toMatchObject({
      code: "SKERRY_KUBE_UNAVAILABLE",
      message: "get ConfigMap default/a: no answer within 30 s",
    });
  });

  it("read lists page by page, and in one piece when the pages expire", async () => {
    const items = (...names: string[]) => names.map((name) => ({ metadata: { name } }));
    let expired = false;
    const { client, requests } = await scripted((_, response, { searchParams }) => {
      const next = searchParams.get("continue");
      if (searchParams.get("limit") === null) answer(response, 200, { items: items("a", "b", "c"), metadata: {} });
      else if (next === null) answer(response, 200, { items: items("a"), metadata: { continue: "2" } });
      else if (expired) answer(response, 410, { message: "expired" });
      else answer(response, 200, { items: items("b"), metadata: { resourceVersion: "7" } });
    });
    expect(await client.list(configMaps)).toEqual([
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } },
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "b" } },
    ]);
    expired = true;
    expect((await client.list(configMaps)).map(({ metadata }) => metadata.name)).toEqual(["a", "b", "c"]);
    expect(requests).toHaveLength(5);
  });

  it("share connections", async () => {
    const { client, proxy } = await startTestClient();
    await client.create(configMap, configMaps);
    for (let index = 0; index < 20; index += 1) await client.get(configMaps, { name: "a" });
    // A second one may be opened while the first is not yet known to be free.
    expect(proxy.accepted()).toBeLessThanOrEqual(2);
  });
});

describe("the server", () => {
  it("is verified, even where the environment says not to", async () => {
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    onTestFinished(() => void vi.unstubAllEnvs());
    const { url, requests, endpoint } = await scripted((_, response) => answer(response, 200, configMap));
    const { pem: ca } = await TestAuthority.create("CN=another");
    const client = clientOf(new FakeKubeEndpoint({ ...endpoint.connection(), url, ca }));
    await expect(client.get(configMaps, { name: "a" })).rejects.toMatchObject({ code: "SKERRY_KUBE_UNAVAILABLE" });
    expect(requests).toEqual([]);
  });

  it("is spoken to over HTTPS alone", async () => {
    const credentials = { type: "token", token: "secret" } as const;
    const client = clientOf(new FakeKubeEndpoint({ url: "http://127.0.0.1:1", ca: "x", credentials }));
    const refused = { code: "SKERRY_KUBE_ENDPOINT", family: "settings" };
    await expect(client.get(configMaps, { name: "a" })).rejects.toMatchObject(refused);
  });

  it("is not asked after the stop", async () => {
    const { client, stop } = await startTestClient();
    await client.list(configMaps);
    await stop();
    await expect(client.list(configMaps)).rejects.toMatchObject({ code: "SKERRY_KUBE_UNAVAILABLE" });
  });
});
