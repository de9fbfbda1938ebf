import {
  type JsonValue,
  KubeApi,
  type KubeObject,
  LinkState,
  NodeSessions,
  NodeStreams,
  Replica,
  type ReplicaInterest,
  type Resource,
  replicaInterestPoint,
  Sealer,
  Storage,
  Transport,
  Uplink,
  UplinkLog,
  type UplinkReceiver,
  type UplinkReport,
  uplinkReceiverPoint,
} from "@skerry/contracts";
import { definePlugin, type Plugin } from "@skerry/plugin";
import { MemoryDisk, MemoryStorage } from "@skerry/storage-memory";
import { FakeClock, FakeKubeApi, FakeSealer, SeededRandom, startTestNode } from "@skerry/testing";
import { LoopbackHub, LoopbackTransport } from "@skerry/transport-loopback";
import { plugin as cloudLink } from "../../src/link/cloud/index.ts";
import { plugin as edgeLink } from "../../src/link/edge/index.ts";

export const configMaps: Resource = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
};

/** A ConfigMap that concerns the nodes its label `nodes` names, separated by dots. */
export function configMap(name: string, nodes: string, data: Record<string, string> = {}): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "default", labels: { nodes } }, data };
}

class ByLabel implements ReplicaInterest {
  readonly resources = [configMaps];
  route({ metadata }: KubeObject) {
    if (metadata.name === "unroutable") throw new Error("made to fail by the test");
    return { nodes: metadata.labels?.["nodes"]?.split(".") ?? [], references: [] };
  }
}

export type Behaviour = (report: UplinkReport) => Promise<void>;

const interestManifest = {
  id: "test-interest",
  summary: "of a test",
  sdk: "^0.1.0",
  contributes: [replicaInterestPoint.id, uplinkReceiverPoint.id],
};

/** A cloud and edges over a loopback network, on virtual time. */
export class LinkWorld {
  readonly clock = new FakeClock();
  readonly api = new FakeKubeApi();
  /** What cloud kernels that start have of the API. */
  cloudApi: KubeApi = this.api;
  readonly hub = new LoopbackHub();
  /** Of the edges. */
  sealer: Sealer = new FakeSealer();
  /** What the cloud's receiver of `twin` got, in order. */
  readonly received: { readonly node: string; readonly name: string; readonly value: JsonValue }[] = [];
  /** What that receiver does; default: takes it. */
  behaviour: Behaviour = async () => undefined;
  /** Of the cloud's end of the link. */
  cloudSettings: object = {};
  readonly #random = new SeededRandom(3);

  transport(identity: string): Transport {
    return new LoopbackTransport(this.hub, identity);
  }

  storage(disk: MemoryDisk): Storage {
    return new MemoryStorage(disk);
  }

  /** @param others plugins beside the one that knows ConfigMaps and receives `twin` */
  async cloud(...others: readonly Plugin[]) {
    const world = this;
    class Receiver implements UplinkReceiver {
      readonly type = "twin";
      async receive(report: UplinkReport): Promise<void> {
        await world.behaviour(report);
        world.received.push(report);
      }
    }
    const interest = definePlugin(interestManifest, (scope) => {
      scope.contribute(replicaInterestPoint, ByLabel);
      scope.contribute(uplinkReceiverPoint, Receiver);
    });
    const kernel = await startTestNode({
      plugins: [{ plugin: cloudLink, settings: this.cloudSettings }, interest, ...others],
      with: [
        [Transport, this.transport("skerry-cloud")],
        [KubeApi, this.cloudApi],
      ],
      clock: this.clock,
      random: this.#random,
    });
    await this.clock.advance(1);
    return { kernel, sessions: kernel.service(NodeSessions), streams: kernel.service(NodeStreams) };
  }

  /** @param others plugins beside the link */
  async edge(name: string, disk = new MemoryDisk(), identity = `system:node:${name}`, ...others: readonly Plugin[]) {
    const kernel = await startTestNode({
      plugins: [edgeLink, ...others],
      with: [
        [Transport, this.transport(identity)],
        [Storage, this.storage(disk)],
        [Sealer, this.sealer],
      ],
      node: { name },
      clock: this.clock,
      random: this.#random,
    });
    await this.clock.advance(1);
    return {
      kernel,
      disk,
      replica: kernel.service(Replica),
      uplink: kernel.service(Uplink),
      logs: kernel.service(UplinkLog),
      link: kernel.service(LinkState),
      names: () =>
        kernel
          .service(Replica)
          .list({ group: "", kind: "ConfigMap" })
          .map(({ metadata }) => metadata.name)
          .sort(),
    };
  }
}
