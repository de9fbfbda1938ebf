import { readdir, readFile } from "node:fs/promises";
import { request } from "node:https";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse } from "yaml";
import { Kube } from "./clients.ts";
import { assemble } from "./programs.ts";
import { Background, eventually, Installation } from "./skerry.ts";

/** Prints the file `token` of whichever mount has one, and ends. */
const reader = assemble(`(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "token")
  (data (i32.const 4095) "\\0a")
  (func (export "_start") (local $fd i32)
    (local.set $fd (i32.const 3))
    (block $found
      (loop $next
        (br_if $found (i32.eqz (call $open (local.get $fd) (i32.const 1) (i32.const 0) (i32.const 5) (i32.const 0)
          (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 16))))
        (local.set $fd (i32.add (local.get $fd) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $fd) (i32.const 12)))
        (unreachable)))
    (i32.store (i32.const 32) (i32.const 8192))
    (i32.store (i32.const 36) (i32.const 8192))
    (drop (call $read (i32.load (i32.const 16)) (i32.const 32) (i32.const 1) (i32.const 20)))
    (i32.store (i32.const 36) (i32.load (i32.const 20)))
    (i32.store (i32.const 40) (i32.const 4095))
    (i32.store (i32.const 44) (i32.const 1))
    (drop (call $write (i32.const 1) (i32.const 32) (i32.const 2) (i32.const 20)))))`);

const pods = "/api/v1/namespaces/default/pods";
/** It asks for no token: admission gives it one, as to every Pod. */
const podObject = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "reader" },
  spec: {
    runtimeClassName: "wasm",
    containers: [
      {
        name: "main",
        image: "scratch",
        command: ["/app/reader.wasm"],
        volumeMounts: [{ name: "app", mountPath: "/app" }],
      },
    ],
    volumes: [{ name: "app", configMap: { name: "reader" } }],
  },
};

let installation: Installation;
let kubeconfig: string;
let uid: string;
let token: string;

beforeAll(async () => {
  installation = await Installation.create();
  kubeconfig = (await installation.start()).kubeconfig;
  const kube = await Kube.from(kubeconfig);
  const program = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "reader" } };
  await kube.post("/api/v1/namespaces/default/configmaps", { ...program, binaryData: { "reader.wasm": reader } });
  const { status, body } = await kube.post(pods, podObject);
  expect(status).toBe(201);
  uid = body.metadata.uid;
  token = await printed(0);
});

afterAll(() => installation.remove());

/** What the container said first at one of its attempts, or a later one. */
function printed(attempt: number): Promise<string> {
  const folder = join(installation.home, "edge/pods", `default_reader_${uid}`, "main");
  return eventually(`a token in the log from attempt ${attempt} on`, async () => {
    for (const name of (await readdir(folder).catch(() => [])).filter((it) => Number.parseInt(it, 10) >= attempt)) {
      const [, found] = /stdout F (\S+)/.exec(await readFile(join(folder, name), "utf8")) ?? [];
      if (found !== undefined) return found;
    }
    return undefined;
  });
}

/** Asks the API with nothing but the token. */
async function ask(path: string, method = "POST"): Promise<{ readonly status: number; readonly text: string }> {
  const { server, "certificate-authority-data": ca } = parse(await readFile(kubeconfig, "utf8")).clusters[0].cluster;
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const options = { method, headers, ca: Buffer.from(ca, "base64"), agent: false };
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, server), options, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on("error", reject).end(method === "POST" ? "{}" : undefined);
  });
}

it("a container reads a token that names its ServiceAccount and its Pod to the API, and opens nothing else", async () => {
  const { status, text } = await ask("/apis/authentication.k8s.io/v1/selfsubjectreviews");
  expect(status).toBe(201);
  expect(JSON.parse(text).status.userInfo).toMatchObject({
    username: "system:serviceaccount:default:default",
    groups: ["system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated"],
    extra: {
      "authentication.kubernetes.io/node-name": ["edge-1"],
      "authentication.kubernetes.io/pod-name": ["reader"],
      "authentication.kubernetes.io/pod-uid": [uid],
    },
  });
  expect((await ask(pods, "GET")).status).toBe(403);
});

it("no file of the node's database shows the token; a reboot without the cloud brings it back", async () => {
  await installation.stop();
  const home = join(installation.home, "edge");
  const files = (await readdir(home)).filter((name) => name.startsWith("skerry.db"));
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) expect((await readFile(join(home, file))).includes(token), file).toBe(false);
  const attempts = (await readdir(join(home, "pods", `default_reader_${uid}`, "main"))).map((name) =>
    Number.parseInt(name, 10),
  );
  const edge = Background.skerry(["edge", "--home", installation.home]);
  try {
    expect(await printed(Math.max(...attempts) + 1)).toBe(token);
  } finally {
    await edge.stop();
  }
});
