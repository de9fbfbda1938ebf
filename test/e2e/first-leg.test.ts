import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Kube, Mqtt, readMeter } from "./clients.ts";
import { alive, type Endpoints, eventually, Installation, run, skerry } from "./skerry.ts";

const devicePath = "/apis/devices.skerry.dev/v1alpha1/namespaces/default/devices/meter-1";
let installation: Installation;
let endpoints: Endpoints;
let kube: Kube;

beforeAll(async () => {
  installation = await Installation.create();
  endpoints = await installation.start();
  kube = await Kube.from(endpoints.kubeconfig);
});

afterAll(() => installation.remove());

const device = async () => (await kube.get(devicePath)).body;

describe("what a newcomer sees", () => {
  it("says where everything is and what to try", () => {
    expect(installation.output).toContain(`kubeconfig  ${endpoints.kubeconfig}`);
    expect(installation.output).toContain(`MQTT        ${endpoints.mqtt}`);
    expect(installation.output).toMatch(/node edge-1 is Ready/);
    expect(installation.output).toMatch(/device meter-1: .*voltage/);
    expect(installation.output).toContain("kubectl get nodes,devices");
  });

  it("runs three processes of their own, named in endpoints.json", () => {
    const pids = Object.values(endpoints.pids);
    expect(Object.keys(endpoints.pids).sort()).toEqual(["cloud", "edge", "meter"]);
    expect(new Set(pids).size).toBe(3);
    expect(pids.every(alive)).toBe(true);
  });
});

describe("1. the node and its device in Kubernetes", () => {
  it("shows edge-1 Ready with lease, capacity and addresses", async () => {
    const node = (await kube.get("/api/v1/nodes/edge-1")).body;
    const ready = node.status.conditions.find(({ type }: { type: string }) => type === "Ready");
    expect(ready.status).toBe("True");
    expect(Number(node.status.capacity.cpu)).toBeGreaterThan(0);
    expect(node.status.capacity.memory).toMatch(/^\d+Ki$/);
    expect(node.status.addresses.map(({ type }: { type: string }) => type)).toContain("Hostname");
    const lease = (await kube.get("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/edge-1")).body;
    expect(lease.spec.holderIdentity).toBe("edge-1");
    expect(Date.now() - Date.parse(lease.spec.renewTime)).toBeLessThan(40_000);
  });

  it("shows meter-1 with values that change", async () => {
    const before = (await device()).status.reported.voltage;
    expect(before.value).toBeGreaterThan(200);
    const after = await eventually("another voltage", async () => {
      const now = (await device()).status.reported.voltage;
      return now.value === before.value ? undefined : now;
    });
    expect(Date.parse(after.at)).toBeGreaterThan(Date.parse(before.at));
  });

  it("explains itself: conditions with reasons, and events", async () => {
    const { status } = await device();
    const connected = status.conditions.find(({ type }: { type: string }) => type === "Connected");
    expect(connected).toMatchObject({ status: "True" });
    expect(connected.reason).not.toBe("");
    const events = (await kube.get("/api/v1/namespaces/default/events")).body.items;
    expect(
      events.some(({ involvedObject }: { involvedObject: { name: string } }) => involvedObject.name === "meter-1"),
    ).toBe(true);
  });
});

describe("2. a desired value from Kubernetes", () => {
  const desire = (desired: object) => kube.merge(devicePath, { spec: { desired } });
  const settled = (property: string, state: string) =>
    eventually(`${property} ${state}`, async () => {
      const found = (await device()).status.desired?.[property];
      return found?.state === state ? found : undefined;
    });

  it("is written to the coil, which an independent client sees, and becomes applied", async () => {
    expect((await readMeter(endpoints.meter)).relay).toBe(false);
    await desire({ relay: true });
    await settled("relay", "applied");
    expect((await readMeter(endpoints.meter)).relay).toBe(true);
  });

  it("is scaled into a register", async () => {
    await desire({ limit: 16.5 });
    await settled("limit", "applied");
    expect((await readMeter(endpoints.meter)).limit).toBe(16.5);
  });

  it.each([
    ["out of range", { limit: 90 }, "limit", /80/],
    ["of the wrong type", { limit: "much" }, "limit", /number/],
    ["of an unknown property", { colour: "red" }, "colour", /colour/],
    ["of a property that cannot be written", { voltage: 230 }, "voltage", /read/],
  ])("that is %s is rejected with the reason, and nothing is written", async (_, desired, property, reason) => {
    const before = await readMeter(endpoints.meter);
    await desire(desired);
    const rejected = await settled(property, "rejected");
    expect(rejected.reason).toMatch(reason);
    const after = await readMeter(endpoints.meter);
    expect({ relay: after.relay, limit: after.limit }).toEqual({ relay: before.relay, limit: before.limit });
    await desire({ [property]: property === "limit" ? 16.5 : null });
  });
});

describe("3. MQTT", () => {
  it("has each reported value, retained", async () => {
    await using bus = await Mqtt.connect(endpoints.mqtt, "skerry/default/meter-1/reported/voltage");
    await eventually("a retained voltage", async () => bus.messages[0]);
    expect(bus.messages[0]?.retain).toBe(true);
    expect(bus.last("skerry/default/meter-1/reported/voltage")).toMatchObject({
      value: expect.any(Number),
      at: expect.any(String),
      version: expect.any(String),
    });
  });

  it("changes the device by a set, which Kubernetes shows, spec.desired included", async () => {
    await using bus = await Mqtt.connect(endpoints.mqtt, "skerry/default/meter-1/result/relay");
    await bus.client.publishAsync("skerry/default/meter-1/set/relay", JSON.stringify({ value: false, id: "a1" }));
    await eventually("the result", async () => bus.messages.find(({ text }) => JSON.parse(text).state === "applied"));
    expect(bus.last("skerry/default/meter-1/result/relay")).toMatchObject({ id: "a1", state: "applied" });
    expect((await readMeter(endpoints.meter)).relay).toBe(false);
    await eventually("spec.desired.relay", async () =>
      (await device()).spec.desired.relay === false ? true : undefined,
    );
    await eventually("status.desired.relay", async () => {
      const { state, value, origin } = (await device()).status.desired.relay;
      return state === "applied" && value === false && origin === "edge-1" ? true : undefined;
    });
  });

  it.each([
    ["that is not JSON", "relay", "{oops"],
    ["of the wrong type", "relay", '"on"'],
    ["out of range", "limit", "90"],
  ])("rejects a set %s, with the reason", async (_, property, payload) => {
    await using bus = await Mqtt.connect(endpoints.mqtt, "skerry/default/meter-1/result/#");
    await bus.client.publishAsync(`skerry/default/meter-1/set/${property}`, payload);
    await eventually("the result", async () => bus.messages[0]);
    const result = bus.last(`skerry/default/meter-1/result/${property}`);
    expect(result.state).toBe("rejected");
    expect(result.reason).not.toBe("");
  });
});

describe("docs/guides/first-device.md", () => {
  it("adds a device with the YAML it prints, and the command it names", async () => {
    const guide = await readFile("docs/guides/first-device.md", "utf8");
    const documents = [...guide.matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml = ""]) => yaml);
    expect(documents).toHaveLength(2);
    const port = endpoints.meter.split(":")[1] ?? "";
    const file = join(installation.home, "board.yaml");
    await writeFile(file, documents.join("---\n").replace("port: 5020", `port: ${port}`));
    const { out, code } = await skerry(["apply", "-f", file, "--home", installation.home]);
    expect(out).toMatch(/board-1 created/);
    expect(code).toBe(0);
    const board = devicePath.replace("meter-1", "board-1");
    await eventually("the lamp applied", async () =>
      (await kube.get(board)).body.status?.desired?.lamp?.state === "applied" ? true : undefined,
    );
    expect((await readMeter(endpoints.meter)).relay).toBe(true);
    expect((await kube.delete(board)).status).toBe(200);
  });
});

describe("the command line", () => {
  it("tells the status of both nodes, as text and JSON", async () => {
    const text = await skerry(["status", "--home", installation.home]);
    expect(text.code).toBe(0);
    expect(text.out).toMatch(/^cloud cloud: running/m);
    expect(text.out).toMatch(/^edge edge-1: running/m);
    const json = JSON.parse((await skerry(["status", "--home", installation.home, "-o", "json"])).out);
    expect(json.edge.state).toBe("running");
    expect(json.edge.link.state).toBe("online");
  });

  it("prints the boot tree of each node", async () => {
    const { out } = await skerry(["inspect", "edge", "--home", installation.home]);
    expect(out).toContain("twins/edge");
    const json = JSON.parse((await skerry(["inspect", "edge", "--home", installation.home, "-o", "json"])).out);
    expect(json).toBeDefined();
  });

  it("lists devices without kubectl", async () => {
    const { out, code } = await skerry(["get", "devices", "--home", installation.home]);
    expect(code).toBe(0);
    expect(out).toMatch(/meter-1\s+demo-meter\s+edge-1/);
  });

  it("refuses a second start in the same home", async () => {
    const second = await run(process.execPath, [join("dist/bundle/skerry.cjs"), "up", "--home", installation.home]);
    expect(second.code).toBe(1);
    expect(second.err).toContain("SKERRY_CLI_ALREADY_RUNNING");
  });
});

describe("a process that dies", () => {
  it("is started again, that is said, and the device goes on", async () => {
    const { edge } = endpoints.pids;
    process.kill(edge, "SIGKILL");
    const again = await eventually("a new edge process", async () => {
      const now = await installation.endpoints();
      return now.pids.edge === edge ? undefined : now;
    });
    expect(alive(again.pids.edge)).toBe(true);
    expect(installation.output).toMatch(/edge ended with SIGKILL; starting it again/);
    const before = Date.now();
    await eventually("a value newer than the restart", async () =>
      Date.parse((await device()).status.reported.voltage.at) > before ? true : undefined,
    );
  });
});

describe("stop and second start", () => {
  it("stops everything within 3 s of Ctrl-C and resumes the state", async () => {
    await kube.merge(devicePath, { spec: { desired: { limit: 20 } }, metadata: { labels: { kept: "yes" } } });
    await eventually("limit applied", async () => {
      const limit = (await device()).status.desired.limit;
      return limit.value === 20 && limit.state === "applied" ? true : undefined;
    });
    const { pids } = await installation.endpoints();
    const { ms, code } = await installation.stop();
    expect(code).toBe(0);
    expect(ms).toBeLessThan(3000);
    expect(installation.output).toMatch(/stopped\n$/);
    expect(installation.output.match(/ended with/g)).toHaveLength(1);
    expect(Object.values(pids).some(alive)).toBe(false);
    expect(existsSync(join(installation.home, "endpoints.json"))).toBe(false);

    const second = await installation.start();
    expect({ ...second, pids: {} }).toEqual({ ...endpoints, pids: {} });
    const resumed = await device();
    expect(resumed.metadata.labels.kept).toBe("yes");
    expect(resumed.spec.desired.limit).toBe(20);
    expect((await readMeter(second.meter)).limit).toBe(20);
  });
});
