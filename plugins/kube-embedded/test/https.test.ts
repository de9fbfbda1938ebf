import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { Agent, request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { statusSectionPoint } from "@skerry/contracts";
import { MemoryDisk, MemoryStorage } from "@skerry/storage-memory";
import { FakeClock, RecordingLogger, SeededRandom } from "@skerry/testing";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { readSigningKey } from "../src/endpoint/signing-key-file.ts";
import { EmbeddedKubeEndpoint } from "../src/index.ts";
import { newSigningKey } from "../src/tokens/signing-key.ts";
import { TestAuthority } from "./certificates.ts";
import { configMap, configMaps } from "./test-cluster.ts";
import { startTestEndpoint } from "./test-endpoint.ts";

const json = { "content-type": "application/json" };

describe("the endpoint", () => {
  it("hands out a connection that is let in", async () => {
    const { endpoint, call, url } = await startTestEndpoint();
    const { credentials } = endpoint.connection();
    if (credentials.type !== "certificate") throw new Error("a certificate was expected");
    expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const { status, body } = await call("GET", configMaps, { identity: credentials });
    expect([status, body.kind]).toEqual([200, "ConfigMapList"]);
  });

  it("lets in who has a token of a ServiceAccount; its key is for this user alone", async () => {
    const { admin, call, home } = await startTestEndpoint();
    expect((await stat(join(home, "pki/service-accounts.key"))).mode & 0o777).toBe(0o600);
    const account = "/api/v1/namespaces/default/serviceaccounts/default";
    await vi.waitFor(async () => expect((await call("GET", account, { identity: admin })).status).toBe(200));
    const asked = await call("POST", `${account}/token`, { identity: admin, headers: json, body: "{}" });
    const headers = { ...json, authorization: `Bearer ${asked.body.status.token}` };
    const whoAmI = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    const { body } = await call("POST", whoAmI, { headers, body: "{}" });
    expect(body.status.userInfo.username).toBe("system:serviceaccount:default:default");
    expect((await call("GET", configMaps, { headers })).status).toBe(403);
    headers.authorization += "x";
    expect((await call("POST", whoAmI, { headers, body: "{}" })).status).toBe(401);
  });

  it.each([
    ["that is none", "text", 0o600, "service-accounts.key"],
    [
      "of another kind",
      generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }),
      0o600,
      "P-256",
    ],
    ["that others can read", newSigningKey(), 0o644, "mode 644"],
  ])("does not start with a key for tokens %s, and leaves it as it is", async (_, text, mode, problem) => {
    const home = await mkdtemp(join(tmpdir(), "skerry-kube-"));
    onTestFinished(() => rm(home, { recursive: true, force: true }));
    const file = join(home, "service-accounts.key");
    await writeFile(file, text, { mode });
    await expect(readSigningKey(file)).rejects.toMatchObject({
      code: "SKERRY_KUBE_EMBEDDED_FILE",
      message: expect.stringContaining(problem),
    });
    expect(await readFile(file, "utf8")).toBe(text);
  });

  it("signs with one key, start after start", async () => {
    const home = await mkdtemp(join(tmpdir(), "skerry-kube-"));
    onTestFinished(() => rm(home, { recursive: true, force: true }));
    const first = await readSigningKey(join(home, "new/sa.key"));
    expect((await readSigningKey(join(home, "new/sa.key"))).id).toBe(first.id);
  });

  it("reports itself to the status command", async () => {
    const { node, url } = await startTestEndpoint();
    const [section] = node.contributions(statusSectionPoint);
    expect(section?.value.name).toBe("kubernetes");
    const reported = {
      data: { url, objects: 12, resourceVersion: "12" },
      lines: [`embedded API at ${url}, 12 objects, resourceVersion 12`],
    };
    // Four namespaces, and soon the ServiceAccount and the authority of each.
    await vi.waitFor(async () => expect(await section?.value.collect()).toEqual(reported));
  });

  it("writes objects through a kept connection", async () => {
    const { admin, call } = await startTestEndpoint();
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    const options = { identity: admin, agent, headers: json };
    const body = JSON.stringify({ ...configMap("a"), typo: 1 });
    const created = await call("POST", configMaps, { ...options, body });
    expect(created.status).toBe(201);
    expect(created.headers["warning"]).toBe('299 - "unknown field \\"typo\\""');
    expect((await call("GET", `${configMaps}/a`, options)).body.metadata.name).toBe("a");
    expect((await call("HEAD", `${configMaps}/a`, options)).text).toBe("");
    expect((await call("DELETE", `${configMaps}/a`, options)).body.status).toBe("Success");
  });

  it("refuses a body beyond 3 MiB, declared or not, and goes on", async () => {
    const { admin, call } = await startTestEndpoint();
    const body = new Uint8Array(3 * 1024 * 1024 + 1).fill(32);
    const declared = await call("POST", configMaps, { identity: admin, headers: json, body });
    expect(declared).toMatchObject({ status: 413, body: { reason: "RequestEntityTooLarge" } });
    const headers = { ...json, "transfer-encoding": "chunked" };
    expect((await call("POST", configMaps, { identity: admin, headers, body })).status).toBe(413);
    expect((await call("GET", configMaps, { identity: admin })).status).toBe(200);
  });

  it("streams a watch as it happens, and ends it when it stops", async () => {
    const { admin, ca, url, call, stop } = await startTestEndpoint();
    const lines: string[] = [];
    let isOver = false;
    const watching = httpsRequest(new URL(`${configMaps}?watch=1`, url), {
      ca,
      cert: admin.certificate,
      key: admin.key,
      agent: false,
    });
    const headersArrived = new Promise<void>((resolve) => {
      watching.on("response", (response) => {
        resolve();
        response.on("data", (chunk: Buffer) => lines.push(...chunk.toString().trim().split("\n")));
        response.on("end", () => {
          isOver = true;
        });
      });
    });
    watching.end();
    await headersArrived;
    await call("POST", configMaps, { identity: admin, headers: json, body: JSON.stringify(configMap("a")) });
    await expect.poll(() => lines.map((line) => JSON.parse(line).type)).toEqual(["ADDED"]);
    await stop();
    await expect.poll(() => isOver).toBe(true);
  });
});

describe("a client that dawdles", () => {
  const open = (started: Awaited<ReturnType<typeof startTestEndpoint>>, method: string, path: string) => {
    const { admin, ca, url } = started;
    const tls = { ca, cert: admin.certificate, key: admin.key, agent: false as const };
    const sent = httpsRequest(new URL(path, url), { method, headers: json, ...tls });
    sent.on("error", () => undefined);
    onTestFinished(() => void sent.destroy());
    return sent;
  };

  it("over its body does not hold up a stop", async () => {
    const started = await startTestEndpoint();
    const sent = open(started, "POST", configMaps);
    const closed = new Promise((resolve) => sent.on("close", resolve));
    sent.write('{"kind":');
    await started.call("GET", "/healthz");
    await started.stop();
    await closed;
  });

  it("and sends without end is cut off, with a name or without", async () => {
    const started = await startTestEndpoint();
    const chunk = Buffer.alloc(64 * 1024, 32);
    for (const tls of [{}, { cert: started.admin.certificate, key: started.admin.key }]) {
      const sent = httpsRequest(new URL(configMaps, started.url), {
        method: "POST",
        ca: started.ca,
        agent: false,
        ...tls,
      });
      const closed = new Promise<void>((resolve) => sent.on("close", resolve));
      sent.on("error", () => undefined);
      sent.on("response", (response) => response.resume().on("error", () => undefined));
      const more = (): void => {
        if (sent.destroyed) return;
        if (sent.write(chunk)) setImmediate(more);
        else sent.once("drain", more);
      };
      more();
      await closed;
    }
  });

  it("over a long answer holds up neither a stop nor others", async () => {
    const started = await startTestEndpoint();
    const options = { identity: started.admin, headers: json };
    for (const name of ["a", "b", "c", "d"]) {
      for (let i = 0; i < 4; i++) {
        const body = JSON.stringify(configMap(`${name}${i}`, { big: "x".repeat(900_000) }));
        expect((await started.call("POST", configMaps, { ...options, body })).status).toBe(201);
      }
    }
    const sent = open(started, "GET", configMaps);
    const paused = new Promise<void>((resolve) => {
      sent.on("response", (response) => {
        response.pause();
        resolve();
      });
    });
    sent.end();
    await paused;
    expect((await started.call("GET", `${configMaps}/a0`, options)).status).toBe(200);
    await started.stop();
  });
});

describe("who is let in", () => {
  it("without credentials: health and version only", async () => {
    const { call } = await startTestEndpoint();
    expect((await call("GET", "/healthz")).text).toBe("ok");
    expect((await call("GET", "/version")).status).toBe(200);
    expect(await call("GET", "/api")).toMatchObject({ status: 403 });
  });

  it("by certificate of the client CA", async () => {
    const { call, authority } = await startTestEndpoint();
    const identity = await authority.issue({ name: [{ O: ["staff"] }, { CN: ["ann"] }], usage: "client" });
    expect((await call("GET", "/api", { identity })).status).toBe(200);
    expect((await call("GET", configMaps, { identity })).body.message).toContain('User "ann" cannot list');
  });

  it("never by a certificate of another CA, of the same name, or of a server, not even with a good token", async () => {
    const { call, authority } = await startTestEndpoint("secret,ann,1,system:masters");
    const foreign = await TestAuthority.create();
    const name = [{ O: ["system:masters"] }, { CN: ["admin"] }];
    for (const identity of [
      await foreign.issue({ name, usage: "client" }),
      await authority.issue({ name, usage: "server" }),
    ]) {
      const headers = { authorization: "Bearer secret" };
      for (const path of [configMaps, "/healthz"]) {
        expect(await call("GET", path, { identity, headers })).toMatchObject({
          status: 401,
          body: { kind: "Status", reason: "Unauthorized", code: 401 },
        });
      }
    }
  });

  it("by bearer token, and not by a wrong one", async () => {
    const { call } = await startTestEndpoint('secret,ann,1,"system:masters"\nweak,bob,2');
    const as = (token: string) => call("GET", configMaps, { headers: { authorization: `Bearer ${token}` } });
    expect((await as("secret")).status).toBe(200);
    expect((await as("weak")).status).toBe(403);
    expect((await as("wrong")).status).toBe(401);
  });

  it("as somebody else, for masters", async () => {
    const { call, admin } = await startTestEndpoint();
    const headers = { "impersonate-user": "eve" };
    expect((await call("GET", configMaps, { identity: admin, headers })).body.message).toContain('User "eve" cannot');
    const orphan = { "impersonate-group": "system:masters" };
    expect((await call("GET", configMaps, { identity: admin, headers: orphan })).status).toBe(400);
  });
});

describe("starting", () => {
  it.each([
    ["a missing file", { certificate: "nowhere.crt" }, "SKERRY_KUBE_EMBEDDED_FILE", "nowhere.crt"],
    ["a key that is none", { key: "ca.crt" }, "SKERRY_KUBE_EMBEDDED_FILE", "tls.key"],
  ])("with %s fails, naming it", async (_, tls, code, culprit) => {
    const { home } = await startTestEndpoint();
    const good = { certificate: "server.crt", key: "server.key", clientCa: "ca.crt", ca: "ca.crt" };
    await expect(endpointAt(home, 0, { ...good, ...tls }).start()).rejects.toMatchObject({
      code,
      message: expect.stringContaining(culprit),
    });
  });

  it("on a port that is taken fails, naming it", async () => {
    const { home, url } = await startTestEndpoint();
    const tls = { certificate: "server.crt", key: "server.key", clientCa: "ca.crt", ca: "ca.crt" };
    const clock = new FakeClock();
    const second = endpointAt(home, Number(new URL(url).port), tls, clock);
    expect(() => second.connection()).toThrow(expect.objectContaining({ code: "SKERRY_KUBE_EMBEDDED_NOT_STARTED" }));
    await expect(second.start()).rejects.toMatchObject({ code: "SKERRY_KUBE_EMBEDDED_LISTEN" });
    expect(clock.pending).toBe(0);
  });
});

function endpointAt(
  home: string,
  port: number,
  tls: { certificate: string; key: string; clientCa: string; ca: string },
  clock = new FakeClock(),
) {
  return new EmbeddedKubeEndpoint(
    {
      listen: { host: "127.0.0.1", port },
      tls,
      admin: { certificate: "admin.crt", key: "admin.key" },
      serviceAccountKey: "sa.key",
    },
    { name: "cloud", profile: "test", home, programs: "/nonexistent", version: "0.0.0" },
    new MemoryStorage(new MemoryDisk()),
    clock,
    new SeededRandom(),
    new RecordingLogger(),
  );
}
