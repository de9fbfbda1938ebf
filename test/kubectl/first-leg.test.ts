import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Endpoints, eventually, Installation, run } from "../e2e/skerry.ts";

// With programs that are not ours: kubectl, mosquitto_sub and mosquitto_pub, mbpoll.
let installation: Installation;
let endpoints: Endpoints;

beforeAll(async () => {
  for (const [program, ...args] of [
    ["kubectl", "version", "--client"],
    ["mosquitto_sub", "--help"],
    ["mbpoll", "-V"],
  ]) {
    await run(program ?? "", args).catch(() => {
      throw new Error(`${program} is needed: apt-get install mosquitto-clients mbpoll, and kubectl 1.31 or newer`);
    });
  }
  installation = await Installation.create();
  endpoints = await installation.start();
});

afterAll(() => installation.remove());

async function kubectl(...args: readonly string[]): Promise<string> {
  const { code, out, err } = await run("kubectl", ["--kubeconfig", endpoints.kubeconfig, ...args]);
  if (code !== 0) throw new Error(`kubectl ${args.join(" ")}: ${err}`);
  return out;
}

const refused = async (...args: readonly string[]) => {
  const { code, err } = await run("kubectl", ["--kubeconfig", endpoints.kubeconfig, ...args]);
  expect(code).not.toBe(0);
  return err;
};

/** The coil and the limit register, as mbpoll reads them. */
async function meter(): Promise<{ relay: string; limit: string }> {
  const [host = "", port = ""] = endpoints.meter.split(":");
  const poll = async (table: string, reference: number) => {
    const args = [
      "-m",
      "tcp",
      "-p",
      port,
      "-a",
      "1",
      "-0",
      "-1",
      "-q",
      "-t",
      table,
      "-r",
      String(reference),
      "-c",
      "1",
      host,
    ];
    const { out } = await run("mbpoll", args);
    return /^\[\d+\]:\s+(\d+)/m.exec(out)?.[1] ?? out;
  };
  return { relay: await poll("0", 0), limit: await poll("4", 10) };
}

const mqttAddress = () => {
  const { hostname, port } = new URL(endpoints.mqtt);
  return ["-h", hostname, "-p", port];
};

describe("kubectl, on nodes and devices", () => {
  it("gets the node, Ready, with its role and version", async () => {
    const text = await kubectl("get", "nodes", "-o", "wide");
    expect(text).toMatch(/^NAME\s+STATUS\s+ROLES\s+AGE\s+VERSION\s+INTERNAL-IP/);
    expect(text).toMatch(/^edge-1\s+Ready\s+edge\s+\S+\s+v1\.\d+\.\d+-skerry/m);
  });

  it("gets the device with values that change", async () => {
    const values = async () => /voltage=(\S+)/.exec(await kubectl("get", "devices"))?.[1];
    const before = await values();
    expect(before).toMatch(/V$/);
    await eventually("another voltage", async () => ((await values()) === before ? undefined : true));
    expect(await kubectl("get", "dev", "meter-1", "-o", "wide")).toContain("demo-meter");
  });

  it("describes the device: conditions, values, events", async () => {
    const text = await kubectl("describe", "device", "meter-1");
    for (const part of ["Conditions:", "Connected", "Reported:", "Voltage:", "Events:"]) expect(text).toContain(part);
    expect(text).not.toContain("Events:  <none>");
  });

  it("explains the fields of a Device", async () => {
    expect(await kubectl("explain", "device.spec.connection")).toMatch(/DESCRIPTION/);
  });

  it("waits for a condition", async () => {
    expect(await kubectl("wait", "--for=condition=Connected", "device/meter-1", "--timeout=10s")).toContain(
      "condition met",
    );
    expect(await kubectl("wait", "--for=condition=Ready", "node/edge-1", "--timeout=10s")).toContain("condition met");
  });
});

describe("a desired value", () => {
  it("from kubectl reaches the coil, as mbpoll sees it, and is applied", async () => {
    await kubectl("patch", "device", "meter-1", "--type", "merge", "-p", '{"spec":{"desired":{"relay":true}}}');
    await kubectl("wait", "--for=jsonpath={.status.desired.relay.state}=applied", "device/meter-1", "--timeout=20s");
    expect((await meter()).relay).toBe("1");
  });

  it.each([
    ["out of range", '{"limit":90}', "limit", /maximum/],
    ["wrongly typed", '{"relay":"on"}', "relay", /boolean/],
    ["unknown", '{"colour":1}', "colour", /colour/],
  ])("that is %s is rejected with the reason, and nothing is written", async (_, desired, property, reason) => {
    const before = await meter();
    await kubectl("patch", "device", "meter-1", "--type", "merge", "-p", `{"spec":{"desired":${desired}}}`);
    await kubectl(
      "wait",
      `--for=jsonpath={.status.desired.${property}.state}=rejected`,
      "device/meter-1",
      "--timeout=20s",
    );
    expect(await kubectl("get", "device", "meter-1", "-o", `jsonpath={.status.desired.${property}.reason}`)).toMatch(
      reason,
    );
    expect(await meter()).toEqual(before);
  });

  it("from mosquitto_pub changes the device, and kubectl shows it, spec.desired included", async () => {
    const topic = "skerry/default/meter-1/set/relay";
    expect((await run("mosquitto_pub", [...mqttAddress(), "-t", topic, "-m", "false"])).code).toBe(0);
    await kubectl("wait", "--for=jsonpath={.spec.desired.relay}=false", "device/meter-1", "--timeout=20s");
    await kubectl("wait", "--for=jsonpath={.status.desired.relay.state}=applied", "device/meter-1", "--timeout=20s");
    expect((await meter()).relay).toBe("0");
  });
});

describe("mosquitto_sub", () => {
  it("gets the retained voltage at once", async () => {
    const args = [
      ...mqttAddress(),
      "-t",
      "skerry/default/meter-1/reported/voltage",
      "-C",
      "1",
      "-W",
      "10",
      "-F",
      "%r %p",
    ];
    const { out } = await run("mosquitto_sub", args);
    expect(out).toMatch(/^1 \{.*"value":\d/);
  });
});

describe("bad input to the API", () => {
  const apply = async (object: object) => {
    const { code, err } = await run("kubectl", ["--kubeconfig", endpoints.kubeconfig, "apply", "-f", "-"], {
      input: JSON.stringify(object),
    });
    expect(code).not.toBe(0);
    return err;
  };

  it("refuses a Device without what it needs, naming the fields", async () => {
    const err = await apply({
      apiVersion: "devices.skerry.dev/v1alpha1",
      kind: "Device",
      metadata: { name: "x" },
      spec: { model: 7 },
    });
    expect(err).toMatch(/spec\.model/);
    expect(err).toMatch(/spec\.nodeName/);
  });

  it("refuses a misspelt field before it is lost", async () => {
    const spec = { model: "demo-meter", nodeName: "edge-1", connection: {}, desierd: { relay: true } };
    const err = await apply({
      apiVersion: "devices.skerry.dev/v1alpha1",
      kind: "Device",
      metadata: { name: "x" },
      spec,
    });
    expect(err).toContain("desierd");
  });

  it("refuses a CustomResourceDefinition whose schema is not structural", async () => {
    const versions = [
      { name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { properties: { a: {} } } } },
    ];
    const names = { plural: "things", singular: "thing", kind: "Thing" };
    const err = await apply({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "things.example.com" },
      spec: { group: "example.com", scope: "Namespaced", names, versions },
    });
    expect(err).toMatch(/openAPIV3Schema/);
  });

  it("answers for what does not exist as Kubernetes does", async () => {
    expect(await refused("get", "device", "nothing")).toContain('devices.devices.skerry.dev "nothing" not found');
    expect(await refused("get", "gadgets")).toContain("the server doesn't have a resource type");
    expect(await refused("apply", "-f", "/nonexistent.yaml")).toContain("does not exist");
  });
});
