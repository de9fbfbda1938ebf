import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Kube } from "./clients.ts";
import { eventually, Installation, skerry } from "./skerry.ts";
import { HelloWasm } from "./workload.ts";

const password = "correct-horse-battery-staple";
let installation: Installation;
let kube: Kube;
let hello: HelloWasm;

beforeAll(async () => {
  installation = await Installation.create();
  kube = await Kube.from((await installation.start()).kubeconfig);
  hello = new HelloWasm(kube, installation.home);
  await kube.post("/api/v1/namespaces/default/secrets", {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "login" },
    stringData: { password },
  });
  await skerry(["apply", "-f", HelloWasm.manifest, "--home", installation.home]);
  await hello.running(1);
  const valueFrom = { secretKeyRef: { name: "login", key: "password" } };
  await hello.change({ env: [{ name: "PASSWORD", valueFrom }] });
  await isRunning();
});

afterAll(() => installation.remove());

/** The Pod that has the Secret runs, and it alone. */
const isRunning = () =>
  eventually("the Pod with the Secret", async () => {
    const [pod, ...rest] = await hello.pods();
    const isNew = JSON.stringify(pod?.spec).includes("secretKeyRef");
    return rest.length === 0 && isNew && pod?.status.containerStatuses?.[0]?.ready ? pod : undefined;
  });

async function status() {
  return JSON.parse((await skerry(["status", "edge", "--home", installation.home, "-o", "json"])).out).edge;
}

/** Files of the edge node's database. */
async function databases(): Promise<readonly string[]> {
  const folder = join(installation.home, "edge");
  return (await readdir(folder)).filter((name) => name.startsWith("skerry.db")).map((name) => join(folder, name));
}

it("no file of the node's database shows a Secret that its Pod uses, running or stopped", async () => {
  const clear = [password, Buffer.from(password).toString("base64")];
  const files = await databases();
  expect(files.length).toBeGreaterThan(1);
  const look = async () => {
    for (const file of await databases()) {
      const bytes = await readFile(file);
      for (const text of clear) expect(bytes.includes(text), file).toBe(false);
    }
  };
  await look();
  const key = join(installation.home, "edge/seal.key");
  expect((await stat(key)).mode & 0o777).toBe(0o600);
  expect((await status()).seal).toEqual({ keeper: `file ${key}` });
  await installation.stop();
  await look();
});

it("a node that lost its key says so, and has its Secrets from the cloud again", async () => {
  await rm(join(installation.home, "edge/seal.key"));
  await installation.start();
  await isRunning();
  const log = await readFile(join(installation.home, "logs/edge.log"), "utf8");
  expect(log).toMatch(/objects of the replica cannot be read; the cloud will be asked for them/);
  expect(log).toContain("another key sealed it");
  await installation.stop();
  await installation.start();
  await isRunning();
});
