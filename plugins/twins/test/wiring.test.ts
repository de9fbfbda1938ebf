import {
  KubeApi,
  LinkState,
  MessageBus,
  Replica,
  type ReplicaInterest,
  replicaInterestPoint,
  Storage,
  Twins,
  Uplink,
  type UplinkReceiver,
  uplinkReceiverPoint,
} from "@skerry/contracts";
import { type Contributions, definePlugin, inject } from "@skerry/plugin";
import { MemoryDisk, MemoryStorage } from "@skerry/storage-memory";
import {
  FakeClock,
  FakeKubeApi,
  FakeLinkState,
  FakeMessageBus,
  FakeReplica,
  FakeUplink,
  startTestNode,
} from "@skerry/testing";
import { describe, expect, it } from "vitest";
import { plugin as cloud } from "../src/cloud/index.ts";
import { definitionResource, definitions } from "../src/cloud/install-definitions.ts";
import { plugin as edge } from "../src/edge/index.ts";
import { demoModel, meter } from "./demo-meter.ts";

describe("twins as plugins", () => {
  it("the edge half boots, provides the twins and stops", async () => {
    const replica = new FakeReplica();
    replica.put(demoModel);
    replica.put(meter());
    await using node = await startTestNode({
      plugins: [edge],
      with: [
        [Replica, replica],
        [Uplink, new FakeUplink()],
        [MessageBus, new FakeMessageBus()],
        [Storage, new MemoryStorage(new MemoryDisk())],
        [LinkState, new FakeLinkState()],
      ],
      node: { name: "edge-1" },
      clock: new FakeClock(),
    });
    const seen: string[] = [];
    node.service(Twins).watch({ changed: ({ name }) => seen.push(name), gone: () => undefined });
    expect(seen).toEqual(["default/meter-1"]);
  });

  it("the edge half refuses the name that stands for the cloud, and does without a link state", async () => {
    const boot = (name: string) =>
      startTestNode({
        plugins: [edge],
        with: [
          [Replica, new FakeReplica()],
          [Uplink, new FakeUplink()],
          [MessageBus, new FakeMessageBus()],
          [Storage, new MemoryStorage(new MemoryDisk())],
        ],
        node: { name },
      });
    await expect(boot("cloud")).rejects.toThrow(/must not be named cloud/);
    await using node = await boot("edge-1");
    expect(node).toBeDefined();
  });

  it("the cloud half boots, fills the points of the link and stops", async () => {
    const kube = new FakeKubeApi();
    const status = { conditions: [{ type: "Established", status: "True" }] };
    for (const definition of definitions) kube.seed({ ...definition, status }, definitionResource);
    const found: string[] = [];
    class Owner {
      constructor(
        @inject(uplinkReceiverPoint.contributions) private readonly receivers: Contributions<UplinkReceiver>,
        @inject(replicaInterestPoint.contributions) private readonly interests: Contributions<ReplicaInterest>,
      ) {}

      async start(): Promise<void> {
        found.push(...this.receivers.all().map(({ value }) => value.type));
        found.push(...this.interests.all().flatMap(({ value }) => value.resources.map(({ kind }) => kind)));
      }
    }
    const manifest = {
      id: "link-owner",
      summary: "Owns what the cloud half fills.",
      sdk: "^0.1.0",
      extensionPoints: [uplinkReceiverPoint.id, replicaInterestPoint.id],
    };
    const owner = definePlugin(manifest, (scope) => scope.run(Owner));
    await using node = await startTestNode({ plugins: [owner, cloud], with: [[KubeApi, kube]] });
    expect(node).toBeDefined();
    expect(found).toEqual(["twin", "Device", "DeviceModel"]);
  });
});
