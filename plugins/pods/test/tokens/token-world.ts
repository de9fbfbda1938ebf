import { type Duplex, duplexPair } from "node:stream";
import type { KubeObject, NodeStreams } from "@skerry/contracts";
import { FakeClock, FakeKubeApi, FakeNodeSessions, RecordingLogger } from "@skerry/testing";
import { onTestFinished } from "vitest";
import { podResource, serviceAccountResource } from "../../src/shared/pod-resources.ts";
import { TokenChannel } from "../../src/token-requests/token-channel.ts";
import { TokenService } from "../../src/tokens/token-service.ts";

export const account = (name: string): KubeObject => ({
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { name, namespace: "shop" },
});

export const podOf = (node: string | undefined, name: string, more: object = {}): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "shop", uid: `uid-${name}` },
  spec: {
    ...(node !== undefined && { nodeName: node }),
    serviceAccountName: "robot",
    volumes: [
      {
        name: "access",
        projected: {
          sources: [
            { serviceAccountToken: { path: "token", expirationSeconds: 3607 } },
            { serviceAccountToken: { path: "vault", audience: "vault" } },
            { downwardAPI: {} },
          ],
        },
      },
    ],
  },
  ...more,
});

export const asked = (name: string, more: object = {}) => ({
  pod: { namespace: "shop", name, uid: `uid-${name}` },
  audience: "",
  expirationSeconds: 3607,
  ...more,
});

/** A cloud, and nodes that are connected to it by streams in memory. */
export class TokenWorld {
  readonly clock = new FakeClock();
  readonly kube = new FakeKubeApi(this.clock);
  readonly sessions = new FakeNodeSessions();
  readonly logger = new RecordingLogger();
  readonly service: TokenService;
  /** The nodes' ends of the streams, the newest last. */
  readonly ends = new Map<string, Duplex[]>();
  /** Whether a node can be opened a stream to. */
  isReachable = true;

  private constructor() {
    const streams: NodeStreams = { open: (node) => this.#opened(node) };
    this.service = new TokenService(this.sessions, streams, this.kube, this.clock, this.logger);
  }

  static async start(): Promise<TokenWorld> {
    const world = new TokenWorld();
    world.kube.seed(account("robot"), serviceAccountResource);
    world.kube.seed(podOf("edge-1", "arm"), podResource);
    world.kube.seed(podOf("edge-2", "leg"), podResource);
    world.kube.seed(podOf(undefined, "loose"), podResource);
    await world.service.start();
    onTestFinished(() => world.service.stop());
    return world;
  }

  /** A node with its end of the channel. */
  node(name: string): TokenChannel {
    const channel = new TokenChannel(this.clock, this.logger);
    this.sessions.connect(name);
    channel.handle(this.end(name));
    return channel;
  }

  end(node: string): Duplex {
    const end = this.ends.get(node)?.at(-1);
    if (end === undefined) throw new Error(`there is no stream to ${node}`);
    return end;
  }

  tokensMade(): readonly object[] {
    return this.kube.requests.filter(({ subresource }) => subresource === "token").map(({ body }) => body ?? {});
  }

  #opened(node: string): Duplex {
    if (!this.isReachable) throw new Error("no stream is left");
    const [cloud, edge] = duplexPair();
    this.ends.set(node, [...(this.ends.get(node) ?? []), edge]);
    return cloud;
  }
}
