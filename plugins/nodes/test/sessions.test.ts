import { type Device, deviceResource, KubeApi, type KubeObject, NodeSessions } from "@skerry/contracts";
import { FakeClock, FakeKubeApi, FakeNodeSessions, RecordingLogger, startTestNode } from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { NodePresence, plugin } from "../src/sessions/index.ts";
import { NodesSection } from "../src/sessions/nodes-section.ts";
import { eventResource, leaseResource, nodeResource } from "../src/shared/node-resources.ts";

const lease = { namespace: "kube-node-lease", name: "edge-1" };

interface SeenEvent {
  readonly firstTimestamp: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly involvedObject: { readonly name: string };
}

class Setup {
  readonly clock = new FakeClock();
  readonly kube = new FakeKubeApi(this.clock);
  readonly sessions = new FakeNodeSessions();
  readonly logger = new RecordingLogger();
  presence = this.#construct();

  async start(): Promise<this> {
    await this.presence.start();
    await this.clock.advance(0);
    return this;
  }

  async restart(): Promise<void> {
    await this.presence.stop();
    this.presence = this.#construct();
    await this.start();
  }

  seedNode(name = "edge-1"): void {
    const metadata = { name, labels: { "skerry.dev/edge": "true" } };
    const at = { message: "", lastTransitionTime: "2026-01-01T00:00:00Z" };
    const conditions = [
      { type: "Ready", status: "True", reason: "LinkUp", ...at },
      { type: "EdgeLink", status: "True", reason: "Connected", ...at },
    ];
    this.kube.seed({ apiVersion: "v1", kind: "Node", metadata, status: { conditions } }, nodeResource);
  }

  seedDevice(name: string, node = "edge-1"): void {
    this.kube.seed(
      {
        apiVersion: "devices.skerry.dev/v1alpha1",
        kind: "Device",
        metadata: { name, namespace: "default" },
        spec: { model: "m", nodeName: node, connection: {} },
        status: {
          conditions: [
            { type: "Synced", status: "True", reason: "NothingDesired", message: "", lastTransitionTime: "x" },
            { type: "Connected", status: "True", reason: "Answers", message: "", lastTransitionTime: "x" },
          ],
        },
      },
      deviceResource,
    );
  }

  ready(name = "edge-1", condition = "Ready") {
    const node = this.kube.peek(nodeResource, { name }) as KubeObject & { status: { conditions: KubeObject[] } };
    return node.status.conditions.find(({ type }) => type === condition);
  }

  async events(): Promise<string[]> {
    const found = (await this.kube.list(eventResource)) as readonly (KubeObject & SeenEvent)[];
    const inOrder = found.toSorted((a, b) => a.firstTimestamp.localeCompare(b.firstTimestamp));
    return inOrder.map(
      ({ type, reason, message, involvedObject }) => `${type} ${reason} ${involvedObject.name}: ${message}`,
    );
  }

  connected(name: string) {
    const device = this.kube.peek(deviceResource, { namespace: "default", name }) as Device;
    return device.status?.conditions?.find(({ type }) => type === "Connected");
  }

  renewTime(): string | undefined {
    return (this.kube.peek(leaseResource, lease)?.spec as { renewTime?: string } | undefined)?.renewTime;
  }

  #construct(): NodePresence {
    const settings = { graceMs: 5_000, renewMs: 10_000 };
    return new NodePresence(this.sessions, this.kube, this.clock, this.logger, settings);
  }
}

describe("a connected node", () => {
  it("has a Lease that is renewed, and no other requests", async () => {
    const setup = new Setup();
    setup.seedNode();
    setup.sessions.connect("edge-1");
    await setup.start();
    expect(setup.kube.peek(leaseResource, lease)?.spec).toEqual({
      holderIdentity: "edge-1",
      leaseDurationSeconds: 40,
      leaseTransitions: 1,
      renewTime: "2026-01-01T00:00:00.000000Z",
    });
    const before = setup.kube.requests.length;
    await setup.clock.advance(30_000);
    expect(setup.renewTime()).toBe("2026-01-01T00:00:30.000000Z");
    expect(setup.kube.requests.length).toBe(before + 3);
    await setup.presence.stop();
    expect(setup.clock.pending).toBe(0);
  });

  it("has a Lease also when its namespace was missing, or the API was away", async () => {
    const setup = new Setup();
    setup.kube.fail({ verb: "create", kind: "Lease", code: "SKERRY_KUBE_NOT_FOUND" });
    setup.sessions.connect("edge-1");
    await setup.start();
    expect(setup.kube.requests.some(({ resource, verb }) => resource.kind === "Namespace" && verb === "create")).toBe(
      true,
    );
    expect(setup.renewTime()).toBeDefined();
    setup.kube.fail({ verb: "patch", kind: "Lease" });
    await setup.clock.advance(12_000);
    expect(setup.logger.records.map(({ level }) => level)).toEqual(["warn"]);
    expect(setup.renewTime()).toBe("2026-01-01T00:00:12.000000Z");
    await setup.presence.stop();
  });
});

describe("the link of a node", () => {
  it("is a condition, and its comings and goings are Events, each once for all cloud kernels", async () => {
    const setup = new Setup();
    setup.seedNode();
    setup.sessions.connect("edge-1");
    await setup.start();
    const other = new NodePresence(setup.sessions, setup.kube, setup.clock, setup.logger, {
      graceMs: 5_000,
      renewMs: 10_000,
    });
    await other.start();
    await setup.clock.advance(0);
    setup.sessions.disconnect("edge-1", "no heartbeat for 10 s");
    await setup.clock.advance(60_000);
    expect(setup.ready("edge-1", "EdgeLink")).toMatchObject({ status: "False", reason: "Disconnected" });
    setup.sessions.connect("edge-1");
    await setup.clock.advance(0);
    expect(setup.ready("edge-1", "EdgeLink")).toMatchObject({ status: "True", reason: "Connected" });
    await setup.presence.stop();
    await other.stop();
    const [offline, online, ...more] = await setup.events();
    expect(offline).toBe(
      "Warning NodeOffline edge-1: Its Pods and devices go on without the cloud: the node is not connected: no heartbeat for 10 s",
    );
    expect(online).toMatch(/^Normal NodeOnline edge-1: The node is connected again after \d+ s$/);
    expect(more).toEqual([]);
    expect(setup.logger.records).toEqual([]);
  });

  it("is marked also when no Event can be written", async () => {
    const setup = new Setup();
    setup.seedNode();
    await setup.start();
    setup.kube.fail({ verb: "create", kind: "Event" });
    await setup.clock.advance(5_000);
    expect(setup.ready("edge-1", "EdgeLink")).toMatchObject({ status: "False" });
    expect(await setup.events()).toEqual([]);
    await setup.presence.stop();
    expect(setup.logger.records.map(({ level }) => level)).toEqual(["warn"]);
  });

  it("has a Lease that goes with its Node", async () => {
    const setup = new Setup();
    setup.seedNode();
    const uid = setup.kube.peek(nodeResource, { name: "edge-1" })?.metadata.uid;
    await setup.start();
    setup.sessions.connect("edge-1");
    await setup.clock.advance(0);
    expect(setup.kube.peek(leaseResource, lease)?.metadata.ownerReferences).toEqual([
      { apiVersion: "v1", kind: "Node", name: "edge-1", uid },
    ]);
    await setup.presence.stop();
  });
});

describe("a node that stays away", () => {
  it("is marked after the grace time, with its devices, and is ready again when it is back", async () => {
    const setup = new Setup();
    setup.seedNode();
    setup.seedDevice("meter-1");
    setup.seedDevice("meter-2", "edge-2");
    setup.sessions.connect("edge-1");
    await setup.start();
    setup.sessions.disconnect("edge-1", "no heartbeat for 10 s");
    await setup.clock.advance(4_999);
    expect(setup.ready()).toMatchObject({ status: "True" });
    await setup.clock.advance(1);
    expect(setup.ready()).toMatchObject({
      status: "Unknown",
      reason: "LinkDown",
      message: "the node is not connected: no heartbeat for 10 s",
    });
    expect(setup.connected("meter-1")).toMatchObject({
      status: "Unknown",
      reason: "NodeUnreachable",
      message: "the node edge-1 is not connected: no heartbeat for 10 s",
      lastTransitionTime: "2026-01-01T00:00:05Z",
    });
    setup.sessions.connect("edge-1");
    await setup.clock.advance(0);
    expect(setup.ready()).toMatchObject({ status: "True", reason: "LinkUp" });
    expect(setup.connected("meter-1")).toMatchObject({ status: "Unknown" });
    await setup.presence.stop();
  });

  it("for less than the grace time is not marked", async () => {
    const setup = new Setup();
    setup.seedNode();
    setup.seedDevice("meter-1");
    setup.sessions.connect("edge-1");
    await setup.start();
    setup.sessions.disconnect("edge-1");
    await setup.clock.advance(4_000);
    setup.sessions.connect("edge-1");
    await setup.clock.advance(4_000);
    expect(setup.ready()).toMatchObject({ status: "True" });
    expect(setup.connected("meter-1")).toMatchObject({ status: "True" });
    expect(setup.kube.requests.some(({ options }) => options?.subresource === "status")).toBe(false);
    await setup.presence.stop();
  });

  it("is marked over a lost race and after failures, devices that appear later as well", async () => {
    const setup = new Setup();
    setup.seedNode();
    setup.seedDevice("meter-1");
    setup.sessions.connect("edge-1");
    await setup.start();
    setup.kube.fail({ verb: "patch", kind: "Node", code: "SKERRY_KUBE_CONFLICT" });
    setup.kube.fail({ verb: "patch", kind: "Device" });
    setup.sessions.disconnect("edge-1");
    await setup.clock.advance(5_000);
    expect(setup.ready()).toMatchObject({ status: "Unknown" });
    await setup.clock.advance(2_000);
    expect(setup.connected("meter-1")).toMatchObject({ status: "Unknown" });
    setup.seedDevice("meter-3");
    await setup.clock.advance(0);
    expect(setup.connected("meter-3")).toMatchObject({ status: "Unknown", reason: "NodeUnreachable" });
    const requests = setup.kube.requests.length;
    await setup.clock.advance(60_000);
    expect(setup.kube.requests.length).toBe(requests);
    await setup.presence.stop();
  });

  it("since before this kernel started is marked once its Lease has run out", async () => {
    const setup = new Setup();
    setup.seedNode();
    setup.seedDevice("meter-1");
    setup.sessions.connect("edge-1");
    await setup.start();
    setup.sessions.disconnect("edge-1");
    await setup.restart();
    await setup.clock.advance(30_000);
    expect(setup.ready()).toMatchObject({ status: "True" });
    await setup.clock.advance(20_000);
    expect(setup.ready()).toMatchObject({ status: "Unknown" });
    expect(setup.ready()?.["message"]).toBe(
      "the node is not connected: it has not connected since this cloud kernel started",
    );
    expect(setup.connected("meter-1")).toMatchObject({ status: "Unknown" });
    await setup.presence.stop();
  });

  it("but is connected to another cloud kernel is not marked", async () => {
    const setup = new Setup();
    setup.seedNode();
    setup.sessions.connect("edge-1");
    await setup.start();
    setup.sessions.disconnect("edge-1");
    for (let count = 0; count < 8; count += 1) {
      const spec = { renewTime: new Date(setup.clock.now()).toISOString() };
      const object = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: lease, spec };
      setup.kube.seed(object, leaseResource);
      await setup.clock.advance(10_000);
    }
    expect(setup.ready()).toMatchObject({ status: "True" });
    await setup.presence.stop();
  });

  it("is marked again when a late report said otherwise", async () => {
    const setup = new Setup();
    setup.seedNode();
    await setup.start();
    await setup.clock.advance(5_000);
    expect(setup.ready()).toMatchObject({ status: "Unknown" });
    setup.seedNode();
    await setup.clock.advance(0);
    expect(setup.ready()).toMatchObject({ status: "Unknown" });
    await setup.presence.stop();
  });
});

describe("the status section of nodes", () => {
  it("lists nodes with a session or a Node", async () => {
    const setup = new Setup();
    setup.seedNode("edge-2");
    setup.sessions.connect("edge-1", setup.clock.now());
    await setup.start();
    const { lines, data } = await new NodesSection(setup.presence).collect();
    expect(lines).toEqual([
      "edge-1  connected from 127.0.0.1:40000 since 2026-01-01T00:00:00.000Z",
      "edge-2  away: it has not connected since this cloud kernel started",
    ]);
    expect(data).toMatchObject([
      { node: "edge-1", connected: true },
      { node: "edge-2", connected: false },
    ]);
    await setup.kube.delete(nodeResource, { name: "edge-2" });
    await setup.clock.advance(0);
    expect(setup.presence.all()).toHaveLength(1);
    await setup.presence.stop();
  });

  it("boots as a plugin", async () => {
    await using node = await startTestNode({
      plugins: [plugin],
      with: [
        [KubeApi, new FakeKubeApi()],
        [NodeSessions, new FakeNodeSessions()],
      ],
    });
    expect(node).toBeDefined();
  });
});
