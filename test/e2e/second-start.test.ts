import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Kube, Mqtt, readMeter } from "./clients.ts";
import { type Endpoints, eventually, Installation } from "./skerry.ts";

const devicePath = "/apis/devices.skerry.dev/v1alpha1/namespaces/default/devices/meter-1";
let installation: Installation;
let first: Endpoints;
let squatter: Server;

beforeAll(async () => {
  installation = await Installation.create();
  first = await installation.start();
  await installation.stop();
  squatter = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => squatter.listen(Number(first.meter.split(":")[1]), "127.0.0.1", resolve));
});

afterAll(async () => {
  await installation.remove();
  await new Promise((resolve) => squatter.close(resolve));
});

describe("a second start, with the meter's port taken meanwhile, on a machine without kubectl", () => {
  let second: Endpoints;

  beforeAll(async () => {
    second = await installation.start({ PATH: "/nonexistent" });
  });

  it("replaces the port, says so, keeps the others, and patches the Device", async () => {
    expect(second.meter).not.toBe(first.meter);
    expect({ ...second, meter: "", pids: {} }).toEqual({ ...first, meter: "", pids: {} });
    expect(installation.output).toMatch(/port \d+ \(meter\) is taken: using \d+/);
    const kube = await Kube.from(second.kubeconfig);
    const { spec } = (await kube.get(devicePath)).body;
    expect(spec.connection.tcp.port).toBe(Number(second.meter.split(":")[1]));
    expect((await readMeter(second.meter)).voltage).toBeGreaterThan(200);
  });

  it("says where to get kubectl, and what does instead", () => {
    expect(installation.output).toContain("https://kubernetes.io/docs/tasks/tools/");
    expect(installation.output).toContain(`npx skerry get devices --home ${installation.home}`);
  });

  it("keeps what a user deleted deleted", async () => {
    const kube = await Kube.from(second.kubeconfig);
    expect((await kube.delete(devicePath)).status).toBe(200);
    await eventually("retained topics cleared", async () => {
      await using fresh = await Mqtt.connect(second.mqtt, "skerry/default/meter-1/#", "skerry/end");
      await fresh.client.publishAsync("skerry/end", "1");
      await eventually("the end", async () => fresh.messages.find(({ topic }) => topic === "skerry/end"), 5);
      return fresh.messages.length === 1 ? true : undefined;
    });
    await installation.stop();
    await installation.start();
    expect(installation.output).toContain("device meter-1 was deleted");
    expect((await (await Kube.from(second.kubeconfig)).get(devicePath)).status).toBe(404);
  });

  it("never writes a secret into its logs", async () => {
    const key = (await readFile(join(installation.home, "pki/edge.key"), "utf8")).split("\n")[1] ?? "no key";
    for (const name of ["cloud", "edge", "meter"]) {
      const log = await readFile(join(installation.home, "logs", `${name}.log`), "utf8");
      expect(log).not.toContain(key);
      expect(log).not.toContain("PRIVATE KEY");
    }
  });
});
