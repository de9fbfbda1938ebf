import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubeEndpoint } from "@skerry/contracts";
import { FakeClock, RecordingLogger, startTestNode } from "@skerry/testing";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { KubeconfigEndpoint, plugin } from "../src/index.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const config = (user: string, cluster = `certificate-authority-data: ${base64("CA")}`, server = "https://k:6443/") => `
apiVersion: v1
kind: Config
current-context: main
contexts:
- {name: main, context: {cluster: c, user: u}}
- {name: lost, context: {cluster: gone, user: u}}
clusters:
- name: c
  cluster: {server: "${server}", ${cluster}}
users:
- name: u
  user: {${user}}
`;

async function setup(settings: object = { file: "kube/config" }, environment: Record<string, string> = {}) {
  const home = await mkdtemp(join(tmpdir(), "skerry-kubeconfig-"));
  onTestFinished(() => rm(home, { recursive: true }));
  await mkdir(join(home, "kube"));
  const [clock, log] = [new FakeClock(), new RecordingLogger()];
  const node = { name: "test", profile: "test", home, programs: "/nonexistent", version: "0.0.0-test" };
  const write = (text: string, file = "kube/config") => writeFile(join(home, file), text);
  const parts = { serviceAccount: join(home, "kube"), readEveryMs: 1_000, ...settings };
  const endpoint = new KubeconfigEndpoint(parts, node, clock, log, { variables: () => environment });
  onTestFinished(() => endpoint.stop());
  return { home, clock, log, node, write, endpoint };
}

describe("a kubeconfig", () => {
  it("gives a client certificate, in itself or in files beside it", async () => {
    const { endpoint, write } = await setup();
    await write("CERT", "kube/c.crt");
    await write("KEY", "kube/c.key");
    await write(config("client-certificate: c.crt, client-key: c.key"));
    await endpoint.start();
    expect(endpoint.connection()).toEqual({
      url: "https://k:6443",
      ca: "CA",
      credentials: { type: "certificate", certificate: "CERT", key: "KEY" },
    });
    const inline = await setup();
    await inline.write(config(`client-certificate-data: ${base64("C2")}, client-key-data: ${base64("K2")}`));
    await inline.endpoint.start();
    const credentials = { type: "certificate", certificate: "C2", key: "K2" };
    expect(inline.endpoint.connection()).toMatchObject({ credentials });
  });

  it("gives a token, the file's before its own, and the renewed one", async () => {
    const { endpoint, write, clock, log } = await setup();
    await write("first\n", "kube/token");
    await write(config("token: own, tokenFile: token"));
    await endpoint.start();
    const first = endpoint.connection();
    expect(first.credentials).toEqual({ type: "token", token: "first" });
    await write("second", "kube/token");
    await clock.advance(1_000);
    await vi.waitFor(() => expect(endpoint.connection().credentials).toEqual({ type: "token", token: "second" }));
    await vi.waitFor(() => expect(clock.pending).toBe(1));
    const second = endpoint.connection();
    await write("nonsense: [");
    await clock.advance(1_000);
    await vi.waitFor(() => expect(log.records.some(({ level }) => level === "warn")).toBe(true));
    expect(endpoint.connection()).toBe(second);
  });

  it.each<[string, string, string]>([
    ["no YAML", "a: [", "it is no YAML"],
    ["no object", "text", "it is no object"],
    ["no context", "kind: Config", "it has no current-context"],
    ["no server over TLS", config("token: t", undefined, "http://k:8080"), "server is not an https:// URL"],
    ["no CA", config("token: t", "extensions: []"), "neither certificate-authority nor"],
    [
      "no verification",
      config("token: t", "insecure-skip-tls-verify: true"),
      "insecure-skip-tls-verify is not supported",
    ],
    ["a program to run", config("exec: {command: aws}"), "exec is not supported"],
    ["a password", config("username: a, password: b"), "username is not supported"],
    ["no credentials", config(""), "neither a token nor a client certificate"],
    ["half of credentials", config("client-certificate-data: aGk="), "neither a token nor a client certificate"],
  ])("with %s is refused", async (_, text, problem) => {
    const { endpoint, write, home } = await setup();
    await write(text);
    await expect(endpoint.start()).rejects.toMatchObject({
      code: "SKERRY_KUBECONFIG_INVALID",
      family: "settings",
      details: { file: join(home, "kube/config"), problem: expect.stringContaining(problem) },
    });
  });

  it("must have the context that is asked for, with its cluster", async () => {
    for (const [context, problem] of [
      ["other", 'contexts has no "other"'],
      ["lost", 'clusters has no "gone"'],
    ]) {
      const { endpoint, write } = await setup({ file: "kube/config", context });
      await write(config("token: t"));
      await expect(endpoint.start()).rejects.toMatchObject({ details: { problem } });
    }
  });

  it.each([
    ["kube/none", "no such file"],
    ["kube", "it is no file"],
    ["kube/huge", "it is larger than 1048576 bytes"],
  ])("at %s is not read: %s", async (file, problem) => {
    const { endpoint, write } = await setup({ file });
    await write("x".repeat(1_100_000), "kube/huge");
    const details = { problem: expect.stringContaining(problem) };
    await expect(endpoint.start()).rejects.toMatchObject({ code: "SKERRY_KUBECONFIG_UNREADABLE", details });
  });
});

describe("a service account", () => {
  it("is taken where no file is named", async () => {
    const { endpoint, write } = await setup({}, { KUBERNETES_SERVICE_HOST: "fd00::1", KUBERNETES_SERVICE_PORT: "443" });
    await write("CA", "kube/ca.crt");
    await write("tok\n", "kube/token");
    expect(() => endpoint.connection()).toThrow(expect.objectContaining({ code: "SKERRY_KUBECONFIG_NOT_STARTED" }));
    await endpoint.start();
    const credentials = { type: "token", token: "tok" };
    expect(endpoint.connection()).toEqual({ url: "https://[fd00::1]:443", ca: "CA", credentials });
  });

  it("is missed outside a Pod", async () => {
    const { endpoint } = await setup({});
    await expect(endpoint.start()).rejects.toMatchObject({ code: "SKERRY_KUBECONFIG_NO_CLUSTER", family: "settings" });
  });
});

it("the plugin provides the endpoint", async () => {
  const { home, write } = await setup();
  await write(config("token: t"));
  await using node = await startTestNode({ plugins: [{ plugin, settings: { file: "kube/config" } }], node: { home } });
  expect(node.service(KubeEndpoint).connection().url).toBe("https://k:6443");
});
